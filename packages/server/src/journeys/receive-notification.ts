// WeChat tells us something: verify and open → one transaction → 204. Nothing that is not verified is written.

import { observe, observeRefund } from '@cashdesk/domain'
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
} from '@cashdesk/sdk'
import type { NotificationRow, Tx } from '@cashdesk/store'
import type { Merchant } from '../merchants.ts'
import { Problem } from '../problem.ts'
import type { World } from '../world.ts'

export type Received = 'observed' | 'seen before' | 'not ours' | 'ignored'

/** As metrics call them. */
const RESULTS: Readonly<Record<Received, string>> = { observed: 'ok', 'seen before': 'duplicate', 'not ours': 'orphan', ignored: 'ignored' }

export async function receiveNotification(world: World, merchant: Merchant, raw: RawNotification): Promise<Received> {
  const notification = await verified(world, merchant, raw)
  const received = await world.store.transaction((tx) => apply(tx, merchant, notification, world.clock.now()))
  world.metrics.notifications.inc({ result: RESULTS[received] })
  world.log('notification.received', { merchant: merchant.id, notification_id: notification.envelope.id, detail: received })
  return received
}

/** What we cannot trust is refused with 4xx. What we could not check (no certificate could be fetched) is our fault: 5xx, and WeChat sends it again. */
async function verified(world: World, merchant: Merchant, raw: RawNotification): Promise<Notification> {
  try {
    return await merchant.wechatpay.receive(raw)
  } catch (cause) {
    if (cause instanceof SignatureError || cause instanceof DecryptError || cause instanceof MessageError) {
      world.metrics.notifications.inc({ result: resultOf(cause.code) })
      world.log('notification.refused', { merchant: merchant.id, code: cause.code })
      throw new Problem('notification_refused', { errors: [{ field: '', message: cause.code }] }, { cause })
    }
    world.metrics.notifications.inc({ result: 'unchecked' })
    throw new Problem('wechat_unreachable', {}, { cause })
  }
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

async function apply(tx: Tx, merchant: Merchant, notification: Notification, now: number): Promise<Received> {
  switch (notification.kind) {
    case 'payment':
      return applyPayment(tx, merchant, notification.envelope, notification.transaction, now)
    case 'refund':
      return applyRefund(tx, merchant, notification.envelope, notification.refund, now)
    default: {
      // Other products are acknowledged and kept as rows; payments and refunds are what moves orders.
      const row = rowOf(merchant, notification.envelope, now)
      return (await tx.notifications.insert(row)) ? 'ignored' : 'seen before'
    }
  }
}

async function applyPayment(tx: Tx, merchant: Merchant, envelope: NotificationEnvelope, fact: Transaction, now: number): Promise<Received> {
  const { out_trade_no } = fact
  const order = await tx.orders.lock(merchant.id, out_trade_no)
  const outcome = order ? 'observed' : 'not ours'
  if (!(await tx.notifications.insert({ ...rowOf(merchant, envelope, now), out_trade_no, outcome }))) return 'seen before'
  if (order) {
    await tx.orders.record(order, observe(order, fact), { source: 'notification', ref: envelope.id }, now)
    return outcome
  }
  // Authentic money for an order we do not have: a restored backup, or another environment (reliability C9).
  const detail = { transaction_id: fact.transaction_id ?? '', total: String(fact.amount?.total) }
  await tx.incidents.open({ merchant: merchant.id, kind: 'orphan_payment', subject: out_trade_no, detail, now })
  return outcome
}

async function applyRefund(tx: Tx, merchant: Merchant, envelope: NotificationEnvelope, fact: RefundNotice, now: number): Promise<Received> {
  const { out_trade_no, out_refund_no } = fact
  await tx.orders.lock(merchant.id, out_trade_no)
  const refund = await tx.refunds.lock(merchant.id, out_refund_no)
  const outcome = refund ? 'observed' : 'not ours'
  if (!(await tx.notifications.insert({ ...rowOf(merchant, envelope, now), out_trade_no, outcome }))) return 'seen before'
  if (refund) {
    await tx.refunds.record(refund, observeRefund(refund, fact), { source: 'notification', ref: envelope.id }, now)
    return outcome
  }
  // Made in WeChat's merchant console, not by us: what can still be refunded is less than our row says (reliability E8).
  const detail = { out_trade_no, refund_id: fact.refund_id, refund: String(fact.amount.refund) }
  await tx.incidents.open({ merchant: merchant.id, kind: 'orphan_refund', subject: out_refund_no, detail, now })
  return outcome
}

function rowOf(merchant: Merchant, envelope: NotificationEnvelope, now: number): NotificationRow {
  return {
    merchant: merchant.id,
    id: envelope.id,
    event_type: envelope.event_type,
    original_type: envelope.resource.original_type,
    out_trade_no: null,
    outcome: 'ignored',
    received_at: now,
  }
}
