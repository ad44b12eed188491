// The schedule at work: looks at the orders whose time has come, a few at once, until it is told to stop.

import { settleOrder } from '../journeys/settle-order.ts'
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

/** One round over what is due now. Returns how many orders were looked at. */
export async function settleDue(world: World): Promise<number> {
  const due = await world.store.transaction((tx) => tx.orders.due(world.clock.now(), BATCH))
  await Promise.all(
    due.map(async (order) => {
      const merchant = world.merchants.get(order.merchant)
      // A merchant that left the configuration keeps its orders; they wait until it is back.
      if (merchant) await settleOrder(world, merchant, order)
    }),
  )
  return due.length
}
