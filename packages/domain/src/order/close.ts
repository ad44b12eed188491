// Closing an unpaid order, at its expiry or at the merchant's request. Our request moves it to `closing`; only WeChat's confirmation moves it to `closed`.

import { nextCheck } from '../time/schedule.ts'
import type { Order, Step } from './order.ts'

/** An order that was never sent to WeChat closes at once. Any other order waits until WeChat confirms. */
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

/** WeChat had nothing new: the order is checked again at the next time of the schedule. */
export function lookLater(order: Order, now: number): Order {
  return { ...order, next_check_at: nextCheck(order.created_at, order.expires_at, now) }
}
