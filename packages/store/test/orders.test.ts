// What the store keeps of orders, and what it refuses whoever asks.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Store, StoreError } from '../src/index.ts'
import { aStore } from './a-store.ts'
import { anOrder, becomes, NOW, ordering, paid, pending } from './builders.ts'

let store: Store
beforeEach(async () => {
  store = await aStore()
})
afterEach(() => store.close())

const api = { source: 'api' } as const
const insert = (change = {}, key: string | null = null) => store.transaction((tx) => tx.orders.insert(anOrder(change), key, api))
const find = (out_trade_no = 'ORDER-0001') => store.transaction((tx) => tx.orders.find('shop', out_trade_no))
const record = (change: object, events: ('order.paid' | 'order.closed')[] = []) =>
  store.transaction(async (tx) => {
    const order = await tx.orders.lock('shop', 'ORDER-0001')
    if (!order) throw new Error('no order')
    return tx.orders.record(order, becomes(order, change, events), api, NOW)
  })

test('an order comes back as it was', async () => {
  expect(await insert()).toBe('inserted')
  expect(await find()).toEqual(anOrder())
  expect(await store.transaction((tx) => tx.orders.findAtWechat('1900000001', 'ORDER-0001'))).toEqual(anOrder())
})

describe('what is taken is an answer', () => {
  test('the number, also across merchants of one mchid', async () => {
    await insert()
    expect(await insert()).toBe('number taken')
    expect(await insert({ merchant: 'other' })).toBe('number taken')
    expect(await insert({ merchant: 'other', mchid: '1900000002' })).toBe('inserted')
  })

  test('the idempotency key, per merchant', async () => {
    await insert({}, 'key')
    expect(await insert({ out_trade_no: 'ORDER-0002' }, 'key')).toBe('key taken')
    expect(await insert({ out_trade_no: 'ORDER-0002', merchant: 'other' }, 'key')).toBe('inserted')
    expect((await store.transaction((tx) => tx.orders.findByKey('shop', 'key')))?.out_trade_no).toBe('ORDER-0001')
  })

  test('the reference, while its order is open', async () => {
    await insert({ reference: 'cart' })
    expect(await insert({ out_trade_no: 'ORDER-0002', reference: 'cart' })).toBe('reference open')
    await record({ state: 'closed', next_check_at: null })
    expect(await insert({ out_trade_no: 'ORDER-0002', reference: 'cart' })).toBe('inserted')
  })

  test('C11: a second payment for one reference can be recorded', async () => {
    await insert({ reference: 'cart' })
    await record({ state: 'closed', next_check_at: null })
    await insert({ out_trade_no: 'ORDER-0002', reference: 'cart' })
    await record({ ...paid, request: '{}', late: true })
    expect((await store.transaction((tx) => tx.orders.paidByReference('shop', 'cart')))?.out_trade_no).toBe('ORDER-0001')
    expect((await store.transaction((tx) => tx.orders.openByReference('shop', 'cart')))?.out_trade_no).toBe('ORDER-0002')
  })
})

test('a step writes row, history, ledger and event together', async () => {
  await insert()
  await record(ordering)
  await record(pending)
  const after = await record(paid, ['order.paid'])
  expect(after).toMatchObject({ state: 'paid', version: 4 })
  expect(await find()).toEqual(after)
  const [history, events] = await store.transaction(
    async (tx) => [await tx.orders.history('shop', 'ORDER-0001'), await tx.events.list('shop', { limit: 10 })] as const,
  )
  expect(history.map((row) => [row.version, row.from_state, row.to_state])).toEqual([
    [1, 'none', 'created'],
    [2, 'created', 'ordering'],
    [3, 'ordering', 'pending'],
    [4, 'pending', 'paid'],
  ])
  expect(events).toMatchObject([{ type: 'order.paid', out_trade_no: 'ORDER-0001', version: 4 }])
  expect(JSON.parse(events[0]?.data ?? '')).toMatchObject({ state: 'paid', transaction_id: '42', paid_at: new Date(NOW).toISOString() })
})

test('a step over a version that is gone is refused, and nothing of it stays', async () => {
  await insert()
  const stale = await find()
  await record(ordering)
  const attempt = store.transaction((tx) =>
    stale
      ? tx.orders.record(stale, becomes(stale, { state: 'closed', next_check_at: null }, ['order.closed']), api, NOW)
      : Promise.reject(),
  )
  await expect(attempt).rejects.toThrow(StoreError)
  expect((await find())?.state).toBe('ordering')
  expect(await store.transaction((tx) => tx.events.list('shop', { limit: 10 }))).toEqual([])
})

describe('the database itself refuses', () => {
  beforeEach(async () => {
    await insert()
    await record(ordering)
  })
  test.each([
    ['another amount', { amount: { total: 101, currency: 'CNY' } }],
    ['another receiver', { mchid: '1900000009' }],
    ['another sub-merchant', { sub_mchid: '1900000009' }],
    ['another reference', { reference: 'x' }],
    ['another description', { description: 'x' }],
    ['another payer', { openid: 'x' }],
    ['another program', { appid: 'x' }],
    ['another request', { request: '{"x":1}' }],
    ['a way back', { state: 'created' }],
    ['a state without rank', { state: 'unpaid' }],
    ['paid without a transaction', { ...paid, transaction_id: null }],
    ['paid without a time', { ...paid, paid_at: null }],
    ['pending without a prepay_id', { ...pending, prepay_id: null }],
    ['an open order that nobody looks at again', { next_check_at: null }],
  ])('%s', async (_, change) => {
    const before = await find()
    await expect(record(change)).rejects.toThrow(StoreError)
    expect(await find()).toEqual(before)
  })

  test('a second payment event for one order', async () => {
    await record(pending)
    await record(paid, ['order.paid'])
    await expect(record({ late: true }, ['order.paid'])).rejects.toThrow(/unique/i)
  })
})

test('A11: one transaction of WeChat for two orders pays the first; the second goes to review, since what is signed is kept', async () => {
  await insert()
  await record(ordering)
  await record(paid)
  await insert({ out_trade_no: 'ORDER-0002' })
  const second = await store.transaction(async (tx) => {
    const order = await tx.orders.lock('shop', 'ORDER-0002')
    return order && tx.orders.record(order, becomes(order, { ...paid, request: '{}' }), api, NOW)
  })
  expect(second).toMatchObject({ state: 'review', transaction_id: null })
  expect(await store.transaction((tx) => tx.incidents.count('shop'))).toBe(1)
})

test('what is due comes longest waiting first; what is settled never', async () => {
  await insert({ out_trade_no: 'ORDER-0001', next_check_at: NOW + 3 })
  await insert({ out_trade_no: 'ORDER-0002', next_check_at: NOW + 1 })
  await insert({ out_trade_no: 'ORDER-0003', next_check_at: NOW + 9 })
  await insert({ out_trade_no: 'ORDER-0004', state: 'closed', next_check_at: null })
  const due = await store.transaction((tx) => tx.orders.claim(NOW + 3, 10))
  expect(due.map((order) => order.out_trade_no)).toEqual(['ORDER-0002', 'ORDER-0001'])
  await store.transaction((tx) => tx.orders.reschedule(anOrder({ out_trade_no: 'ORDER-0002', next_check_at: NOW + 60, attempts: 2 })))
})

test('pages follow each other without gap or repeat, newest first', async () => {
  for (let i = 1; i <= 7; i++) await insert({ out_trade_no: `ORDER-000${i}`, created_at: NOW + Math.floor(i / 2) })
  const seen: string[] = []
  let after: { created_at: number; out_trade_no: string } | undefined
  do {
    const page = await store.transaction((tx) => tx.orders.list('shop', { limit: 2, after }))
    seen.push(...page.map((order) => order.out_trade_no))
    after = page.at(-1)
  } while (after)
  expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1].map((i) => `ORDER-000${i}`))
  expect(await store.transaction((tx) => tx.orders.list('other', { limit: 10 }))).toEqual([])
})

test('a look that was planned on an older version of an order changes nothing', async () => {
  await insert()
  const old = await store.transaction((tx) => tx.orders.find('shop', 'ORDER-0001'))
  await record(ordering)
  const now = await store.transaction((tx) => tx.orders.find('shop', 'ORDER-0001'))
  if (!old) throw new Error('no order')
  await store.transaction((tx) => tx.orders.reschedule({ ...old, next_check_at: NOW + 99_000_000 }))
  expect(await store.transaction((tx) => tx.orders.find('shop', 'ORDER-0001'))).toEqual(now)
})

test('one payment of a reference is no double payment', async () => {
  await insert({ reference: 'R-1' })
  await record(ordering)
  await record(paid, ['order.paid'])
  expect(await store.transaction((tx) => tx.incidents.count('shop'))).toBe(0)
})
