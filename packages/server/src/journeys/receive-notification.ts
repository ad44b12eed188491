// WeChat tells us something: verify and open → one transaction → 204. Nothing that is not verified is written.

import { observe } from '@cashdesk/domain'
import { DecryptError, MessageError, type Notification, type RawNotification, SignatureError } from '@cashdesk/sdk'
import type { NotificationRow, Tx } from '@cashdesk/store'
import type { Merchant } from '../merchants.ts'
import { Problem } from '../problem.ts'
import type { World } from '../world.ts'

export type Received = 'observed' | 'seen before' | 'not ours' | 'ignored'

export async function receiveNotification(world: World, merchant: Merchant, raw: RawNotification): Promise<Received> {
  const notification = await verified(world, merchant, raw)
  const received = await world.store.transaction((tx) => apply(tx, merchant, notification, world.clock.now()))
  world.log('notification.received', { merchant: merchant.id, notification_id: notification.envelope.id, detail: received })
  return received
}

/** What we cannot trust is refused with 4xx. What we could not check (no certificate could be fetched) is our fault: 5xx, and WeChat sends it again. */
async function verified(world: World, merchant: Merchant, raw: RawNotification): Promise<Notification> {
  try {
    return await merchant.wechatpay.receive(raw)
  } catch (cause) {
    if (cause instanceof SignatureError || cause instanceof DecryptError || cause instanceof MessageError) {
      world.log('notification.refused', { merchant: merchant.id, code: cause.code })
      throw new Problem('notification_refused', { errors: [{ field: '', message: cause.code }] }, { cause })
    }
    throw new Problem('wechat_unreachable', {}, { cause })
  }
}

async function apply(tx: Tx, merchant: Merchant, notification: Notification, now: number): Promise<Received> {
  const { envelope } = notification
  const row: NotificationRow = {
    merchant: merchant.id,
    id: envelope.id,
    event_type: envelope.event_type,
    original_type: envelope.resource.original_type,
    out_trade_no: notification.kind === 'payment' ? notification.transaction.out_trade_no : null,
    outcome: 'ignored',
    received_at: now,
  }
  // Other products are acknowledged and kept as rows; only payments move orders.
  if (notification.kind !== 'payment') return (await tx.notifications.insert(row)) ? 'ignored' : 'seen before'

  const fact = notification.transaction
  const order = await tx.orders.lock(merchant.id, fact.out_trade_no)
  if (!(await tx.notifications.insert({ ...row, outcome: order ? 'observed' : 'not ours' }))) return 'seen before'
  if (!order) {
    // Authentic money for an order we do not have: a restored backup, or another environment (reliability C9).
    const detail = { transaction_id: fact.transaction_id ?? '', total: String(fact.amount?.total) }
    await tx.incidents.open({ merchant: merchant.id, kind: 'orphan_payment', subject: fact.out_trade_no, detail, now })
    return 'not ours'
  }
  await tx.orders.record(order, observe(order, fact), { source: 'notification', ref: envelope.id }, now)
  return 'observed'
}
