// The small tables: servers at work, notifications, API keys, proposals about an order, and events page by page.

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Store } from '../src/index.ts'
import { aStore } from './a-store.ts'
import { anOrder, becomes, NOW, ordering, paid } from './builders.ts'

let store: Store
beforeEach(async () => {
  store = await aStore()
})
afterEach(() => store.close())

test('a server that was not seen for too long is no longer counted, and one that left is not either', async () => {
  const seen = (id: string, now: number) => store.transaction((tx) => tx.processes.seen(id, now, now - 60_000))
  expect(await seen('a', NOW)).toBe(1)
  expect(await seen('b', NOW + 1000)).toBe(2)
  expect(await seen('b', NOW + 60_000)).toBe(2)
  expect(await seen('b', NOW + 60_001)).toBe(1)
  expect(await seen('c', NOW + 60_002)).toBe(2)
  await store.transaction((tx) => tx.processes.gone('b'))
  expect(await seen('c', NOW + 60_003)).toBe(1)
})

test('a notification counts once for a merchant, however often it comes', async () => {
  const row = { id: 'n-1', event_type: 'e', original_type: 'o', out_trade_no: null, outcome: 'ignored', received_at: NOW } as const
  const insert = (merchant: string) => store.transaction((tx) => tx.notifications.insert({ ...row, merchant }))
  expect([await insert('shop'), await insert('shop'), await insert('mall'), await insert('shop')]).toEqual([true, false, true, false])
  expect(await store.transaction((tx) => tx.notifications.count('shop'))).toBe(1)
})

test('J4: a key that is revoked again keeps the time of the first', async () => {
  const key = { prefix: 'cd_live_1', name: 'x', merchants: ['shop'], scopes: ['read'], created_at: NOW, made_by: null }
  const fresh = { ...key, expires_at: null, last_used_at: null, revoked_at: null }
  await store.transaction((tx) => tx.apiKeys.insert(fresh, 'a'.repeat(64)))
  for (const now of [NOW + 1, NOW + 2]) await store.transaction((tx) => tx.apiKeys.revoke('cd_live_1', now))
  expect(await store.transaction((tx) => tx.apiKeys.list())).toEqual([{ ...fresh, revoked_at: NOW + 1 }])
})

test('a proposal in place of one that was confirmed is not confirmed', async () => {
  await store.transaction((tx) => tx.orders.insert(anOrder(), null, { source: 'api' }))
  const of = { merchant: 'shop', out_trade_no: 'ORDER-0001' }
  const propose = (decision: 'accepted' | 'rejected', proposed_by: string) =>
    store.transaction((tx) => tx.reviews.propose({ ...of, decision, reason: 'x', proposed_by, proposed_at: NOW }))
  const first = await propose('rejected', 'one')
  await store.transaction((tx) => tx.reviews.confirm(first, 'two', NOW + 1))
  const find = () => store.transaction((tx) => tx.reviews.find('shop', 'ORDER-0001'))
  expect(await find()).toMatchObject({ decision: 'rejected', confirmed_by: 'two', confirmed_at: NOW + 1 })
  await propose('accepted', 'three')
  expect(await find()).toMatchObject({ decision: 'accepted', proposed_by: 'three', confirmed_by: null, confirmed_at: null })
})

test('events come page by page, each once and in their order', async () => {
  for (let n = 1; n <= 5; n++) {
    await store.transaction(async (tx) => {
      const order = anOrder({ out_trade_no: `ORDER-000${n}` })
      await tx.orders.insert(order, null, { source: 'api' })
      const begun = await tx.orders.record(order, becomes(order, ordering), { source: 'api' }, NOW)
      const step = becomes(begun, { ...paid, transaction_id: `T-${n}` }, ['order.paid'])
      await tx.orders.record(begun, step, { source: 'api' }, NOW)
    })
  }
  const page = (after?: string) => store.transaction((tx) => tx.events.list('shop', { limit: 2, after }))
  const read: string[] = []
  for (let events = await page(); events.length > 0; events = await page(events.at(-1)?.id)) {
    read.push(...events.map(({ data }) => (JSON.parse(data) as { out_trade_no: string }).out_trade_no))
    if (read.length > 9) break
  }
  expect(read).toEqual(['ORDER-0001', 'ORDER-0002', 'ORDER-0003', 'ORDER-0004', 'ORDER-0005'])
})
