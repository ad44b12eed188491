// Tells a person of a day that differs: one incident a day and merchant, which ends by itself when nothing of the day is unsettled.

import type { DayState } from '@cashdesk/domain'
import type { BillDay, Tx } from '@cashdesk/store'
import type { World } from '../world.ts'
import { merchantsOf } from './explain.ts'

const SETTLED: readonly DayState[] = ['clean', 'explained', 'empty']

export function isSettled(state: DayState): boolean {
  return SETTLED.includes(state)
}

/** `resolved_by` of incidents that end by themselves. */
const BY = 'server'

/** In the transaction that writes the day. */
export async function tellPerson(world: World, tx: Tx, { mchid, date, state }: BillDay, unsettled: number): Promise<void> {
  const now = world.clock.now()
  for (const { id: merchant } of merchantsOf(world, mchid)) {
    if (!isSettled(state)) {
      const detail = { mchid, state, unsettled: String(unsettled) }
      await tx.incidents.open({ merchant, kind: 'books_differ', subject: date, detail, now })
      continue
    }
    const open = await tx.incidents.openOne(merchant, 'books_differ', date)
    if (open) await tx.incidents.resolve(open, { by: BY, note: 'nothing of the day is unsettled now · 当日差异已全部处理', now })
  }
}
