// The schedule at work: looks at the orders and refunds whose time has come, a few at once.

import type { Merchant } from '../wechat/merchant.ts'
import { settleOrder } from '../wechat/settle-order.ts'
import { settleRefund } from '../wechat/settle-refund.ts'
import type { World } from '../world.ts'

const BATCH = 20

/** One round over what is due now. Returns how many orders and refunds were looked at. */
export async function settleDue(world: World): Promise<number> {
  // What a wrong clock would plan or expire, nobody could tell from what is right. Whoever runs this is told by /readyz and the log.
  if (world.skew.isWrong()) return 0
  const now = world.clock.now()
  const [orders, refunds] = await world.store.transaction(
    async (tx) => [await tx.orders.claim(now, BATCH), await tx.refunds.claim(now, BATCH)] as const,
  )
  await Promise.all([
    ...orders.map((order) => withMerchant(world, order.merchant, (merchant) => settleOrder(world, merchant, order))),
    ...refunds.map((refund) => withMerchant(world, refund.merchant, (merchant) => settleRefund(world, merchant, refund))),
  ])
  return orders.length + refunds.length
}

/** A merchant that left the configuration keeps its rows; they wait until it is back. */
async function withMerchant(world: World, id: string, act: (merchant: Merchant) => Promise<unknown>): Promise<void> {
  const merchant = world.merchants.get(id)
  if (merchant) await act(merchant)
}
