// The merchant's backend closes an order: record the request in one transaction →
// query and close the order at WeChat → record the answer in one transaction → answer.

import { giveUp, type Order } from '@cashdesk/domain'
import { type ApiKey, isOperator } from '../access/keys.ts'
import { Problem } from '../problem.ts'
import type { Merchant } from '../wechat/merchant.ts'
import { settleOrder } from '../wechat/settle-order.ts'
import type { World } from '../world.ts'

/** Returns the order as it is afterwards: `closed`, `closing` while WeChat has not answered, or `paid` when the user paid first. @throws Problem not_found */
export async function closeOrder(world: World, merchant: Merchant, out_trade_no: string, key: ApiKey): Promise<Order> {
  const now = world.clock.now()
  const order = await world.store.transaction(async (tx) => {
    const current = await tx.orders.lock(merchant.id, out_trade_no)
    if (!current) throw new Problem('not_found')
    const given = await tx.orders.record(current, giveUp(current, now), { source: 'api', ref: key.id }, now)
    if (given !== current && isOperator(key)) {
      const act = { at: now, who: key.id, act: 'order.close', merchant: merchant.id, subject: out_trade_no }
      await tx.auditLog.append({ ...act, detail: { from: current.state, to: given.state } })
    }
    return given
  })
  if (order.state !== 'closing') return order
  world.log('order.closing', { merchant: merchant.id, out_trade_no })
  return settleOrder(world, merchant, order)
}
