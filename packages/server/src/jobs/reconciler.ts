// Opens each day when its bills can be fetched, and reconciles the days that are due, one after another.

import { dayAfter, dayOf, oldestDay, readyAt } from '@cashdesk/domain'
import { runDay } from '../reconcile/run-day.ts'
import type { World } from '../world.ts'

/** A file that was begun so long ago is not being loaded any more. */
const ABANDONED_MS = 24 * 60 * 60 * 1000
/** Lines of replaced, refused and abandoned files that one round removes. */
const SWEEP_LINES = 2000

/** Reconciles one day that is due; when none is, removes lines that do not count any more. Returns how much work there was. */
export async function reconcileDue(world: World): Promise<number> {
  // Which day it is, and which bills exist, depends on the clock.
  if (world.skew.isWrong()) return 0
  const now = world.clock.now()
  await openDays(world, now)
  const [day] = await world.store.transaction((tx) => tx.books.claimDays(now, 1))
  if (!day) return world.store.transaction((tx) => tx.books.sweep(now - ABANDONED_MS, SWEEP_LINES))
  await runDay(world, day)
  return 1
}

/** Opens the days from the merchant number's first order, or since the last one that was opened, up to yesterday. */
async function openDays(world: World, now: number): Promise<void> {
  const mchids = new Set([...world.merchants.values()].map(({ recipient }) => recipient.mchid))
  const yesterday = dayAfter(dayOf(now), -1)
  await world.store.transaction(async (tx) => {
    for (const mchid of mchids) {
      const last = await tx.books.lastDay(mchid)
      if (last !== undefined && last >= yesterday) continue
      const first = await tx.books.firstOrder(mchid)
      if (last === undefined && first === undefined) continue
      const oldest = oldestDay(now)
      const from = last === undefined ? dayOf(first ?? now) : dayAfter(last)
      for (let date = from < oldest ? oldest : from; date <= yesterday; date = dayAfter(date))
        await tx.books.openDay(mchid, date, readyAt(date), now)
    }
  })
}
