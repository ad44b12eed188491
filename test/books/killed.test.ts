// A run that is broken off anywhere is begun again, and nothing is there twice: neither lines, nor files, nor differences.

import { afterEach, expect, test } from 'vitest'
import { compareDay } from '../../packages/server/src/reconcile/compare.ts'
import { loadBill } from '../../packages/server/src/reconcile/load.ts'
import { aWorld, type TestWorld } from '../support/world.ts'
import { aPayment, chained, fundBill, fundsOf, type TradeLine, tradeBill } from './a-day.ts'

const DATE = '2026-11-20'
const START = Date.parse(`${DATE}T01:00:00+08:00`)

let world: TestWorld
afterEach(() => world.close())

function trades(count: number): TradeLine[] {
  const { mchid, appid } = world.emulator.settings
  return Array.from({ length: count }, (_, i) => {
    const number = String(i).padStart(8, '0')
    return aPayment({ at: START + i * 1000, appid, mchid, transaction_id: `42${number}`, out_trade_no: `N-${number}` })
  })
}

/** Counts the store's transactions, and fails the one of this number, as a process that ends there would. */
function failingAt(number: number): { count(): number; restore(): void } {
  const { store } = world.world
  const { transaction } = store
  let count = 0
  store.transaction = (work, lane) => {
    if (++count === number) return Promise.reject(new Error('the process ends here'))
    return transaction(work, lane)
  }
  return { count: () => count, restore: () => Object.assign(store, { transaction }) }
}

const load = (kind: 'trade' | 'fund_flow', text: string): Promise<unknown> => {
  const bytes = Buffer.from(text)
  return loadBill(world.world, { mchid: world.emulator.settings.mchid, date: DATE, kind, source: 'import' }, async function* (keep) {
    keep(bytes)
    for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000)
  })
}

async function whole(): Promise<void> {
  const lines = trades(2500)
  await load('trade', tradeBill(lines))
  await load('fund_flow', fundBill(chained(lines.flatMap(fundsOf), 0)))
  const { store } = world.world
  const of = { mchid: world.emulator.settings.mchid, date: DATE }
  const day = await store.transaction((tx) => tx.books.openDay(of.mchid, of.date, 0, 0))
  await compareDay(world.world, { ...of, run: day.runs + 1 })
}

test('ended at each of its transactions: the next run finds what one run finds', { timeout: 600_000 }, async () => {
  world = await aWorld()
  const watch = failingAt(-1)
  await whole()
  const transactions = watch.count()
  watch.restore()
  expect(transactions).toBeGreaterThan(30)
  const { mchid } = world.emulator.settings
  for (let number = 1; number <= transactions; number += 3) {
    const failing = failingAt(number)
    await expect(whole()).rejects.toThrow('the process ends here')
    failing.restore()
  }
  await whole()
  const { store } = world.world
  const counts = await store.transaction((tx) => tx.books.counts(mchid, DATE))
  // Not one of the payments is ours: one difference each.
  expect(counts).toMatchObject({ unsettled: 2500, settled: 0, at_risk: 2_500_000 })
  const file = await store.transaction((tx) => tx.books.currentFile(mchid, DATE, 'trade'))
  expect(file).toMatchObject({ state: 'current', lines: 2501 })
  // What was loaded in vain is removed, a little at a time.
  while ((await store.transaction((tx) => tx.books.sweep(world.clock.now() + 1, 5000))) > 0);
  const rows = await store.counts()
  expect(rows).toMatchObject({ bill_trades: 2500, bill_funds: 5000, differences: 2500 })
})
