// Who looks at what is due: one at a time, for a while, and never for ever at something that kills whoever looks (G7, G8, G9).

import { afterEach, beforeEach, expect, test } from 'vitest'
import { aDatabase, ENGINE } from '../../../test/support/database.ts'
import { openStore, type Store } from '../src/index.ts'
import { aStore, random } from './a-store.ts'
import { anOrder, becomes, NOW, ordering } from './builders.ts'

const LEASE = 60_000
const MINUTE = 60_000
const api = { source: 'api' } as const
let store: Store
beforeEach(async () => {
  store = await aStore()
})
afterEach(() => store.close())

const insert = (n: number, change = {}) =>
  store.transaction((tx) => tx.orders.insert(anOrder({ out_trade_no: `ORDER-${1000 + n}`, next_check_at: NOW, ...change }), null, api))
const claim = async (now: number, from = store) =>
  (await from.transaction((tx) => tx.orders.claim(now, 100))).map((order) => order.out_trade_no)

test('what one has taken nobody else gets, until the lease is over', async () => {
  await insert(1)
  expect(await claim(NOW)).toEqual(['ORDER-1001'])
  expect(await claim(NOW + LEASE - 1)).toEqual([])
  expect(await claim(NOW + LEASE)).toEqual(['ORDER-1001'])
})

test('what is rescheduled is due when it says, not when the lease is over', async () => {
  await insert(1)
  await claim(NOW)
  await store.transaction((tx) => tx.orders.reschedule(anOrder({ out_trade_no: 'ORDER-1001', next_check_at: NOW + 5 })))
  expect(await claim(NOW + 5)).toEqual(['ORDER-1001'])
})

test('G7: one who was away for too long changes nothing that another has done', async () => {
  await insert(1)
  const [stale] = await store.transaction((tx) => tx.orders.claim(NOW, 1))
  const [fresh] = await store.transaction((tx) => tx.orders.claim(NOW + LEASE, 1))
  if (!stale || !fresh) throw new Error('not claimed')
  await store.transaction((tx) => tx.orders.record(fresh, becomes(fresh, ordering), api, NOW))
  await expect(store.transaction((tx) => tx.orders.record(stale, becomes(stale, ordering), api, NOW))).rejects.toMatchObject({
    code: 'STORE_CONFLICT',
  })
})

test('G8: what is taken up ten times for nothing is shown to a person and then tried rarely', async () => {
  await insert(1)
  let now = NOW
  for (let i = 0; i < 10; i++) {
    expect(await claim(now)).toEqual(['ORDER-1001'])
    now += LEASE
  }
  expect(await claim(now)).toEqual([])
  expect(await store.transaction((tx) => tx.incidents.count('shop'))).toBe(1)
  expect(await claim(now + 30 * MINUTE - 1)).toEqual([])
  // Whatever it was may be mended: once more.
  expect(await claim(now + 30 * MINUTE)).toEqual(['ORDER-1001'])
  // This store's clock stands still, so what is planned from later on looks too far ahead to it.
  expect((await store.audit(NOW)).filter(({ check }) => !check.startsWith('A24'))).toEqual([])
})

test('getting somewhere counts: the tries begin anew', async () => {
  await insert(1)
  for (let i = 0; i < 9; i++) await claim(NOW + i * LEASE)
  await store.transaction((tx) => tx.orders.reschedule(anOrder({ out_trade_no: 'ORDER-1001', next_check_at: NOW })))
  for (let i = 0; i < 10; i++) expect(await claim(NOW + i * LEASE)).toEqual(['ORDER-1001'])
})

test('a step counts too: the tries begin anew', async () => {
  await insert(1)
  for (let i = 0; i < 8; i++) await claim(NOW + i * LEASE)
  const [order] = await store.transaction((tx) => tx.orders.claim(NOW + 8 * LEASE, 1))
  if (!order) throw new Error('not claimed')
  await store.transaction((tx) => tx.orders.record(order, becomes(order, { ...ordering, next_check_at: NOW }), api, NOW))
  for (let i = 0; i < 10; i++) expect(await claim(NOW + i * LEASE)).toEqual(['ORDER-1001'])
})

// SQLite has one process; there the one connection is what many ask at once.
test('G9: many at once take each row once', async () => {
  const url = await aDatabase()
  const first = await openStore(url, { now: () => NOW, random })
  const stores =
    ENGINE === 'postgres'
      ? [first, await openStore(url, { now: () => NOW, random }), await openStore(url, { now: () => NOW, random })]
      : [first]
  const all = Array.from({ length: 400 }, (_, n) => `ORDER-${1000 + n}`)
  await first.transaction(async (tx) => {
    for (const out_trade_no of all) await tx.orders.insert(anOrder({ out_trade_no, next_check_at: NOW }), null, api)
  })
  const takers = Array.from({ length: 16 }, async (_, i) => {
    const from = stores[i % stores.length] ?? first
    const taken: string[] = []
    for (;;) {
      const batch = await from.transaction((tx) => tx.orders.claim(NOW, 7))
      if (batch.length === 0) return taken
      taken.push(...batch.map((order) => order.out_trade_no))
    }
  })
  const taken = (await Promise.all(takers)).flat()
  expect(taken).toHaveLength(400)
  expect(taken.sort()).toEqual(all)
  await Promise.all(stores.map((one) => one.close()))
})
