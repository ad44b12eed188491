// Giving an order up: by its expiry, or by the merchant's wish. Our wish reaches `closing`; only WeChat's word reaches `closed`.

import { nextCheck } from '../time/schedule.ts'
import type { Order, Step } from './order.ts'

/** An order WeChat never heard of closes at once; any other waits for WeChat. */
export function giveUp(order: Order, now: number): Step {
  if (order.state === 'created')
    return { order: { ...order, state: 'closed', next_check_at: null }, events: ['order.closed'], incidents: [] }
  if (order.state === 'ordering' || order.state === 'pending') {
    return { order: { ...order, state: 'closing', next_check_at: now }, events: [], incidents: [] }
  }
  return { order, events: [], incidents: [] }
}

/** WeChat confirmed the close (204). */
export function closedByWechat(order: Order): Step {
  if (order.state !== 'closing') return { order, events: [], incidents: [] }
  return { order: { ...order, state: 'closed', next_check_at: null }, events: ['order.closed'], incidents: [] }
}

/** Nothing new: look again when the schedule says so. */
export function lookLater(order: Order, now: number): Order {
  return { ...order, next_check_at: nextCheck(order.created_at, order.expires_at, now) }
}
