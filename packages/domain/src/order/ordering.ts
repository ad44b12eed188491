// Asking WeChat for a prepay_id: before the call, after a good answer, and after a refusal.

import type { Refused } from '../refusal.ts'
import { nextCheck } from '../time/schedule.ts'
import type { Notes, Order, Step } from './order.ts'

/** WeChat keeps a prepay_id for 2 hours (v3-endpoints §1). We stop using it 5 minutes earlier, so that it does not expire while a user pays. */
export const PREPAY_LIFETIME_MS: number = 2 * 60 * 60 * 1000 - 5 * 60 * 1000

export interface Payer {
  appid: string
  openid: string
}

export type PayAttempt =
  | { ok: true; next: 'use prepay_id'; order: Order }
  /** Send `order.request` to WeChat, then `prepaid` or `refuse`. */
  | { ok: true; next: 'ask WeChat'; order: Order }
  | Refused<'ORDER_PAID' | 'ORDER_CLOSED' | 'ORDER_EXPIRED' | 'ORDER_IN_REVIEW' | 'PAYER_DIFFERS'>

/**
 * What to do when a user wants to pay. `request` builds the body for WeChat. It is called only once per order,
 * because WeChat accepts the same number again only with exactly the same contents.
 */
export function beginPayment(order: Order, payer: Payer, request: (order: Order, payer: Payer) => string, now: number): PayAttempt {
  if (order.state === 'paid') return { ok: false, refusal: 'ORDER_PAID' }
  if (order.state === 'review') return { ok: false, refusal: 'ORDER_IN_REVIEW' }
  if (order.state === 'closed' || order.state === 'failed' || order.state === 'closing') return { ok: false, refusal: 'ORDER_CLOSED' }
  if (now >= order.expires_at) return { ok: false, refusal: 'ORDER_EXPIRED' }
  if ((order.openid !== null && order.openid !== payer.openid) || (order.appid !== null && order.appid !== payer.appid)) {
    return { ok: false, refusal: 'PAYER_DIFFERS' }
  }
  if (order.state === 'pending' && order.prepay_expires_at !== null && now < order.prepay_expires_at) {
    return { ok: true, next: 'use prepay_id', order }
  }
  const next: Order = {
    ...order,
    state: order.state === 'created' ? 'ordering' : order.state,
    appid: payer.appid,
    openid: payer.openid,
    request: order.request ?? request(order, payer),
    attempts: order.attempts + 1,
    next_check_at: nextCheck(now, order.expires_at, now),
  }
  return { ok: true, next: 'ask WeChat', order: next }
}

/** WeChat gave a prepay_id. If the order has moved on meanwhile, the prepay_id is dropped; no phone has received it. */
export function prepaid(order: Order, prepay_id: string, now: number): Step {
  if (order.state !== 'ordering' && order.state !== 'pending') return { order, events: [], incidents: [] }
  const next: Order = {
    ...order,
    state: 'pending',
    attempts: 0,
    prepay_id,
    prepay_expires_at: now + PREPAY_LIFETIME_MS,
    next_check_at: nextCheck(now, order.expires_at, now),
  }
  return { order: next, events: [], incidents: [] }
}

/** WeChat certainly refused the request. That ends the order only if no earlier attempt can have succeeded. */
export function refuse(order: Order, code: string, notes: Notes = {}): Step {
  if (order.state !== 'ordering' || order.attempts > 1) return { order, events: [], incidents: [] }
  return { order: { ...order, state: 'failed', failure: code, next_check_at: null }, events: ['order.failed'], incidents: [], notes }
}
