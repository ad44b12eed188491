// WeChat sends a notification: verify and open → one transaction → 204. Nothing unverified is written. Every
// verified notification is kept once: as a fact about an order or refund, or as an incident for a person.

import { createHash } from 'node:crypto'
import { isOpen, isRefundSettled, nameOf, observe, observeRefund, shown, storableText } from '@cashdesk/domain'
import {
  DecryptError,
  type ErrorCode,
  MessageError,
  type Notification,
  type NotificationEnvelope,
  type RawNotification,
  type RefundNotice,
  SignatureError,
  type Transaction,
  UnreadableNotificationError,
} from '@cashdesk/sdk'
import type { Evidence, NotificationRow, Tx } from '@cashdesk/store'
import { Problem } from '../problem.ts'
import { adoptRefund } from '../wechat/adopt-refund.ts'
import type { Merchant } from '../wechat/merchant.ts'
import { settleOrder as askAbout } from '../wechat/settle-order.ts'
import type { World } from '../world.ts'

export type Received = 'observed' | 'seen before' | 'not ours' | 'ignored' | 'unreadable'

/** The label values of the metric. */
const RESULTS: Readonly<Record<Received, string>> = {
  observed: 'ok',
  'seen before': 'duplicate',
  'not ours': 'orphan',
  ignored: 'ignored',
  unreadable: 'unreadable',
}

/** Applies one notification, at most once. @throws Problem notification_refused, wechat_unreachable */
export async function receiveNotification(world: World, merchant: Merchant, raw: RawNotification): Promise<Received> {
  const notification = await verified(world, merchant, raw)
  if ('kind' in notification && notification.kind === 'refund') await hearOfPayment(world, merchant, notification.refund)
  const received = await world.store.transaction((tx) => apply(tx, merchant, notification, world.clock.now()))
  world.metrics.notifications.inc({ result: RESULTS[received] })
  world.log('notification.received', { merchant: merchant.id, notification_id: notification.envelope.id, detail: received })
  return received
}

/**
 * A notification that we cannot trust is refused with 4xx. If we could not check it
 * (the certificates could not be fetched), we answer 5xx, and WeChat sends it again.
 */
async function verified(world: World, merchant: Merchant, raw: RawNotification): Promise<Notification | UnreadableNotificationError> {
  await world.turnstile.pass()
  try {
    const notification = await merchant.wechatpay.receive(raw)
    merchant.trust.notified()
    return notification
  } catch (cause) {
    if (cause instanceof UnreadableNotificationError) return cause
    merchant.trust.notified(cause)
    if (!isUnchecked(cause) && (cause instanceof SignatureError || cause instanceof DecryptError || cause instanceof MessageError)) {
      world.metrics.notifications.inc({ result: resultOf(cause.code) })
      const { serial } = cause.facts
      const named = typeof serial === 'string' && /^[0-9A-Za-z_]{1,64}$/.test(serial) ? { serial } : {}
      world.logOfStrangers('notification.refused', { merchant: merchant.id, code: cause.code, ...named })
      // The answer does not say which check failed, because the sender may be an attacker; the log does.
      throw new Problem('notification_refused', {}, { cause })
    }
    world.metrics.notifications.inc({ result: 'unchecked' })
    throw new Problem('wechat_unreachable', {}, { cause })
  }
}

/** The serial is unknown and the certificates could not be fetched: the message may still be authentic. */
function isUnchecked(error: unknown): boolean {
  return error instanceof SignatureError && error.code === 'ERR_SERIAL_UNKNOWN' && error.cause !== undefined
}

function resultOf(code: ErrorCode): string {
  switch (code) {
    case 'ERR_SIGNATURE_MISMATCH':
      return 'bad_signature'
    case 'ERR_SERIAL_UNKNOWN':
      return 'unknown_serial'
    case 'ERR_TIMESTAMP_WINDOW':
      return 'late'
    case 'ERR_SIGNATURE_PROBE':
      return 'probe'
    case 'ERR_DECRYPT':
      return 'not_opened'
    default:
      return 'malformed'
  }
}

async function apply(tx: Tx, merchant: Merchant, notification: Notification | UnreadableNotificationError, now: number): Promise<Received> {
  if (notification instanceof UnreadableNotificationError) {
    const { envelope, resource, code, facts } = notification
    return applyUnreadable(tx, merchant, { envelope, resource, fault: `${code} ${facts['where'] ?? ''}`.trim() }, now)
  }
  switch (notification.kind) {
    case 'payment':
      return applyPayment(tx, merchant, notification.envelope, notification.transaction, now)
    case 'refund':
      return applyRefund(tx, merchant, notification.envelope, notification.refund, now)
    default: {
      // Notifications of other products are acknowledged and kept as rows; only payments and refunds change orders.
      const row = rowOf(merchant, notification.envelope, now)
      return (await tx.notifications.insert(row)) ? 'ignored' : 'seen before'
    }
  }
}

async function applyPayment(tx: Tx, merchant: Merchant, envelope: NotificationEnvelope, fact: Transaction, now: number): Promise<Received> {
  if (fact.trade_state !== 'SUCCESS' && fact.trade_state !== 'REFUND') {
    // The event type says that money came, but the content does not.
    return applyUnreadable(tx, merchant, { envelope, resource: fact, fault: `trade_state ${shown(fact.trade_state)}` }, now)
  }
  const out_trade_no = nameOf(fact.out_trade_no)
  const order = out_trade_no === null ? undefined : await tx.orders.lock(merchant.id, out_trade_no)
  const outcome = order ? 'observed' : 'not ours'
  const row = rowOf(merchant, envelope, now)
  if (!(await tx.notifications.insert({ ...row, out_trade_no, outcome }))) return 'seen before'
  if (order) {
    await tx.orders.record(order, observe(order, fact, now), { source: 'notification', ref: row.id }, now)
    return outcome
  }
  // An authentic payment for an order that we do not have: a backup was restored, or the order belongs to another environment (reliability C9).
  const detail = { transaction_id: shown(fact.transaction_id ?? ''), total: shown(fact.amount?.total) }
  await tx.incidents.open({ merchant: merchant.id, kind: 'orphan_payment', subject: out_trade_no ?? shown(fact.out_trade_no), detail, now })
  return outcome
}

/** A refund can only be applied to a paid order. If we have not learned of the payment yet, WeChat is queried first, outside any transaction. */
async function hearOfPayment(world: World, merchant: Merchant, { out_trade_no }: RefundNotice): Promise<void> {
  const number = nameOf(out_trade_no)
  const order = number === null ? undefined : await world.store.transaction((tx) => tx.orders.find(merchant.id, number))
  if (order && order.state !== 'paid' && order.state !== 'review') await askAbout(world, merchant, order)
}

async function applyRefund(tx: Tx, merchant: Merchant, envelope: NotificationEnvelope, fact: RefundNotice, now: number): Promise<Received> {
  const out_trade_no = nameOf(fact.out_trade_no)
  const out_refund_no = nameOf(fact.out_refund_no)
  const known = out_refund_no === null ? undefined : await tx.refunds.find(merchant.id, out_refund_no)
  if (known) await tx.orders.lock(merchant.id, known.out_trade_no)
  const refund = known && (await tx.refunds.lock(merchant.id, known.out_refund_no))
  const ours = refund ?? (out_trade_no === null ? undefined : await tx.orders.find(merchant.id, out_trade_no))
  const outcome = ours ? 'observed' : 'not ours'
  const row = rowOf(merchant, envelope, now)
  if (!(await tx.notifications.insert({ ...row, out_trade_no, outcome }))) return 'seen before'
  const evidence: Evidence = { source: 'notification', ref: row.id }
  if (refund) await tx.refunds.record(refund, observeRefund(refund, fact, now), evidence, now)
  else await adoptRefund(tx, merchant, { fact, number: out_refund_no ?? shown(fact.out_refund_no), out_trade_no }, evidence, now)
  return outcome
}

interface Odd {
  envelope: NotificationEnvelope
  resource: unknown
  /** What in it cannot be read. */
  fault: string
}

/** An authentic notification of a shape that we do not know: opens an incident, and asks WeChat soon about the order or refund that it names. */
async function applyUnreadable(tx: Tx, merchant: Merchant, odd: Odd, now: number): Promise<Received> {
  const row = rowOf(merchant, odd.envelope, now)
  const { out_trade_no, out_refund_no } = namesIn(odd.resource)
  if (!(await tx.notifications.insert({ ...row, out_trade_no }))) return 'seen before'
  const detail = { event_type: row.event_type, fault: odd.fault, out_trade_no: out_trade_no ?? '' }
  await tx.incidents.open({ merchant: merchant.id, kind: 'notification_unreadable', subject: row.id, detail, now })
  const order = out_trade_no === null ? undefined : await tx.orders.lock(merchant.id, out_trade_no)
  if (order && isOpen(order.state)) await tx.orders.reschedule({ ...order, next_check_at: now })
  const refund = out_refund_no === null ? undefined : await tx.refunds.lock(merchant.id, out_refund_no)
  if (refund && !isRefundSettled(refund.state)) await tx.refunds.reschedule({ ...refund, next_check_at: now })
  return 'unreadable'
}

function namesIn(resource: unknown): { out_trade_no: string | null; out_refund_no: string | null } {
  const fields = (typeof resource === 'object' && resource !== null ? resource : {}) as Record<string, unknown>
  return { out_trade_no: nameOf(fields['out_trade_no']), out_refund_no: nameOf(fields['out_refund_no']) }
}

function rowOf(merchant: Merchant, envelope: NotificationEnvelope, now: number): NotificationRow {
  return {
    merchant: merchant.id,
    // If WeChat's id is missing or cannot be stored, a hash identifies the message, so that a repetition is still recognised.
    id: nameOf(envelope.id) ?? `sha256:${createHash('sha256').update(envelope.resource.ciphertext).digest('hex')}`,
    event_type: storableText(envelope.event_type, 64) ?? '',
    original_type: storableText(envelope.resource.original_type, 64) ?? '',
    out_trade_no: null,
    outcome: 'ignored',
    received_at: now,
  }
}
