// One day of one merchant number, from WeChat's bills to a statement: fetch what is missing → compare → ask WeChat about what differs → compare again →
// the day's state. Every step can be broken off and begun again.

import { dayStateOf, nextTry, oldestDay, type Statement } from '@cashdesk/domain'
import type { BillDay, BillKind } from '@cashdesk/store'
import type { World } from '../world.ts'
import { compareDay } from './compare.ts'
import { explainDay, merchantsOf } from './explain.ts'
import { type BillStates, fetchBill, isThere } from './fetch.ts'
import { isSettled, tellPerson } from './tell.ts'

const KINDS: readonly BillKind[] = ['trade', 'fund_flow']

/** Returns the day as it is afterwards. `again`: fetch also what is there already. */
export async function runDay(world: World, { mchid, date }: Pick<BillDay, 'mchid' | 'date'>, again = false): Promise<BillDay> {
  const now = world.clock.now()
  const before = await world.store.transaction((tx) => tx.books.openDay(mchid, date, now, now))
  const files = await fetchMissing(world, before, again)
  if (!areThere(files)) return wait(world, before, files)
  return compared(world, before, files)
}

function areThere(files: BillStates): boolean {
  return KINDS.every((kind) => isThere(files[kind]))
}

async function fetchMissing(world: World, { mchid, date, files: text }: BillDay, again: boolean): Promise<BillStates> {
  const files = JSON.parse(text) as BillStates
  const [merchant] = merchantsOf(world, mchid)
  if (!merchant) return files
  for (const kind of KINDS) {
    if (again || !isThere(files[kind])) files[kind] = await fetchBill(world, merchant, { mchid, date, kind })
  }
  return files
}

/** A bill is missing. It is tried again until WeChat no longer has it. */
async function wait(world: World, day: BillDay, files: BillStates): Promise<BillDay> {
  const now = world.clock.now()
  const creating = Object.values(files).some(({ state }) => state === 'creating')
  const lost = day.date < oldestDay(now)
  const attempts = day.attempts + 1
  const next: BillDay = {
    ...day,
    state: lost ? 'unavailable' : 'waiting',
    files: JSON.stringify(files),
    attempts,
    next_check_at: lost ? null : nextTry(attempts, creating, now),
    updated_at: now,
  }
  await world.store.transaction(async (tx) => {
    await tx.books.saveDay(next)
    if (lost) await tellPerson(world, tx, next, 0)
  })
  world.log('books.waiting', { detail: `${day.mchid} ${day.date} ${next.files}`.slice(0, 500) })
  return next
}

/** Compares, explains and compares once more, because an explanation changes what is ours. */
export async function compared(world: World, day: BillDay, files: BillStates): Promise<BillDay> {
  const { mchid, date } = day
  const compare = async (): Promise<number> => {
    const run = await world.store.transaction((tx) => tx.books.beginRun(mchid, date))
    await compareDay(world, { mchid, date, run }, isThere(files.trade))
    return run
  }
  let runs = await compare()
  if ((await explainDay(world, mchid, date)) > 0) runs = await compare()
  const now = world.clock.now()
  const whole = areThere(files)
  const next = await world.store.transaction(async (tx): Promise<BillDay> => {
    const { unsettled, settled } = await tx.books.counts(mchid, date)
    const trade = await tx.books.currentFile(mchid, date, 'trade')
    const funds = await tx.books.currentFile(mchid, date, 'fund_flow')
    const lines = (trade?.lines ?? 0) + (funds?.lines ?? 0)
    const summed = JSON.parse(funds?.summary ?? 'null') as { statement: Statement } | null
    const next: BillDay = {
      ...day,
      state: whole || unsettled > 0 ? dayStateOf({ unsettled, settled, lines }) : 'waiting',
      files: JSON.stringify(files),
      statement: summed ? JSON.stringify(summed.statement) : null,
      attempts: 0,
      runs,
      // A file that a person brought is compared at once; the other one is still fetched.
      next_check_at: whole ? null : (day.next_check_at ?? now),
      updated_at: now,
    }
    await tx.books.saveDay(next)
    if (whole || unsettled > 0) await tellPerson(world, tx, next, unsettled)
    return next
  })
  world.log(isSettled(next.state) ? 'books.closed' : 'books.differ', { detail: `${mchid} ${date}`, state: next.state })
  return next
}
