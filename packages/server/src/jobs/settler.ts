// Runs the schedule: settles the orders and refunds that are due, a few at once.

import type { Merchant } from '../wechat/merchant.ts'
import { settleOrder } from '../wechat/settle-order.ts'
import { settleRefund } from '../wechat/settle-refund.ts'
import type { World } from '../world.ts'

const BATCH = 20

/** Settles one batch of what is due now. Returns how many orders and refunds were queried. */
export async function settleDue(world: World): Promise<number> {
  // A wrong clock would expire orders and plan checks at wrong times, which could not be recognised later. /readyz and the log report the clock.
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

/** Rows of a merchant that was removed from the configuration stay; they wait until it is back. */
async function withMerchant(world: World, id: string, act: (merchant: Merchant) => Promise<unknown>): Promise<void> {
  const merchant = world.merchants.get(id)
  if (merchant) await act(merchant)
}
