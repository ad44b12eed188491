// Finds checks that are planned further ahead than any pause: a server whose clock
// was ahead wrote them. They are made due now, because they may be overdue (G1).

import type { World } from '../world.ts'

/** Logs how many rows it made due. Does nothing while the clock is known to be wrong. */
export async function mendSchedule(world: World): Promise<void> {
  if (world.skew.isWrong()) return
  const now = world.clock.now()
  const { orders, refunds, deliveries } = await world.store.transaction((tx) => tx.schedule.pullIn(now))
  if (orders + refunds + deliveries === 0) return
  world.log('schedule.mended', { detail: `${orders} orders, ${refunds} refunds, ${deliveries} deliveries` })
}
