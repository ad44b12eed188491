// The schedule at work: looks at the orders whose time has come, a few at once, until it is told to stop.

import { settleOrder } from '../journeys/settle-order.ts'
import { settleRefund } from '../journeys/settle-refund.ts'
import type { Merchant } from '../merchants.ts'
import type { World } from '../world.ts'

const PAUSE_MS = 1000
const BATCH = 20

export interface Settler {
  /** Ends after what is under way. */
  stop(): Promise<void>
}

export function startSettler(world: World): Settler {
  let stopped = false
  let cancel = (): void => {}
  let running: Promise<void> = Promise.resolve()

  const round = async (): Promise<void> => {
    try {
      await settleDue(world)
    } catch (error) {
      world.log('settler.failed', { detail: error instanceof Error ? error.name : 'unknown' })
    }
    if (!stopped) cancel = world.clock.timer(PAUSE_MS, start)
  }
  const start = (): void => {
    running = round()
  }
  start()
  return {
    async stop() {
      stopped = true
      cancel()
      await running
    },
  }
}

/** One round over what is due now. Returns how many orders and refunds were looked at. */
export async function settleDue(world: World): Promise<number> {
  const now = world.clock.now()
  const [orders, refunds] = await world.store.transaction(
    async (tx) => [await tx.orders.due(now, BATCH), await tx.refunds.due(now, BATCH)] as const,
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
