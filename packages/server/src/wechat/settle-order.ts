// Queries WeChat about an order and closes one that has expired. This works even if no notification ever arrives.

import { closedByWechat, giveUp, isOpen, lookLater, type Order, observe, type Step } from '@cashdesk/domain'
import type { Transaction } from '@cashdesk/sdk'
import type { World } from '../world.ts'
import { type Asking, asking, soon } from './asking.ts'
import type { Merchant } from './merchant.ts'

export const orderAtWechat: Asking<Order, Transaction, Step> = asking({
  query: (merchant, { out_trade_no }) => merchant.query(out_trade_no),
  absent: 'ORDER_NOT_EXIST',
  query_op: 'query',
  settled_event: 'order.settled',
  failure_event: (op) => `order.${op}_failed`,
  about: ({ openid }) => ({ out_refund_no: null, openid }),
  lock: (tx, merchant, { out_trade_no }) => tx.orders.lock(merchant.id, out_trade_no),
  record: (tx, order, step, evidence, now) => tx.orders.record(order, step, evidence, now),
  reschedule: (tx, order) => tx.orders.reschedule(order),
  lookLater,
})
const { ask, step, later, noteFailure } = orderAtWechat

/** Queries WeChat and returns the order as it is afterwards. Never throws for what WeChat answers or fails to answer: the schedule asks again. */
export async function settleOrder(world: World, merchant: Merchant, order: Order): Promise<Order> {
  if (order.state === 'created') return expire(world, merchant, order)
  const fact = await ask(world, merchant, order)
  if (fact === 'no answer') return later(world, merchant, order)
  if (fact === 'not asked') return later(world, merchant, order, soon)
  const observed =
    fact === 'not at WeChat'
      ? order
      : await step(world, merchant, order, (current, now) => observe(current, fact, now), { source: 'query' })
  const current = await expire(world, merchant, observed)
  return current.state === 'closing' ? closeAtWechat(world, merchant, current) : later(world, merchant, current)
}

async function expire(world: World, merchant: Merchant, order: Order): Promise<Order> {
  const now = world.clock.now()
  if (!isOpen(order.state) || now < order.expires_at || world.skew.isWrong()) return order
  return step(world, merchant, order, (current) => giveUp(current, now), { source: 'schedule' })
}

/** Only WeChat's 204 closes the order. After any refusal the next query decides, because the user may just have paid. */
async function closeAtWechat(world: World, merchant: Merchant, order: Order): Promise<Order> {
  try {
    await merchant.close(order.out_trade_no)
  } catch (error) {
    await noteFailure(world, merchant, order, 'close', error)
    return later(world, merchant, order)
  }
  return step(world, merchant, order, closedByWechat, { source: 'close' })
}
