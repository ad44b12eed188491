// A user wants to pay: record the attempt in one transaction → get WeChat's prepay_id → record it in one transaction → the signed payment fields.

import type { Payer } from '@cashdesk/domain'
import type { RequestPayment } from '@cashdesk/sdk'
import { Problem } from '../problem.ts'
import type { Merchant } from '../wechat/merchant.ts'
import { begin, finish } from '../wechat/prepay.ts'
import type { World } from '../world.ts'

/** Returns the fields for wx.requestPayment. @throws Problem not_found, or the reason why the order cannot be paid */
export async function payOrder(world: World, merchant: Merchant, out_trade_no: string, payer: Payer | null): Promise<RequestPayment> {
  const now = world.clock.now()
  const begun = await world.store.transaction(async (tx) => {
    const order = await tx.orders.lock(merchant.id, out_trade_no)
    if (!order) throw new Problem('not_found')
    return begin(tx, merchant, order, payer, now)
  })
  return (await finish(world, merchant, begun)).fields
}
