// Refunds in the store: more than was paid can never be held, whoever asks, however many at once.

import type { Order, Refund } from '@cashdesk/domain'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Store, StoreError } from '../src/index.ts'
import { aStore } from './a-store.ts'
import { anOrder, becomes, NOW, ordering, paid } from './builders.ts'

let store: Store
const api = { source: 'api' } as const

beforeEach(async () => {
  store = await aStore()
  await store.transaction(async (tx) => {
    await tx.orders.insert(anOrder(), null, api)
    const order = await tx.orders.record(anOrder(), becomes(anOrder(), ordering), api, NOW)
    await tx.orders.record(order, becomes(order, paid, ['order.paid']), api, NOW)
  })
})
afterEach(() => store.close())

function aRefund(change: Partial<Refund> = {}): Refund {
  return {
    merchant: 'shop',
    out_refund_no: 'REFUND-1',
    out_trade_no: 'ORDER-0001',
    amount: 40,
    currency: 'CNY',
    reason: null,
    state: 'requested',
    version: 1,
    request: '{}',
    source: 'api',
    attempts: 0,
    refund_id: null,
    succeeded_at: null,
    received_account: null,
    failure: null,
    next_check_at: NOW + 1,
    created_at: NOW,
    updated_at: NOW,
    ...change,
  }
}
const insert = (change: Partial<Refund> = {}) => store.transaction((tx) => tx.refunds.insert(aRefund(change), '1900000001', api))
const order = (): Promise<Order | undefined> => store.transaction((tx) => tx.orders.find('shop', 'ORDER-0001'))
const becomesRefund = (change: Partial<Refund>, events: ('refund.succeeded' | 'refund.closed')[] = [], no = 'REFUND-1') =>
  store.transaction(async (tx) => {
    const before = await tx.refunds.lock('shop', no)
    if (!before) throw new Error('no refund')
    return tx.refunds.record(before, { refund: { ...before, ...change }, events, incidents: [] }, api, NOW)
  })
const success = { state: 'succeeded', refund_id: '5030', succeeded_at: NOW, next_check_at: null } as const
const closed = { state: 'closed', next_check_at: null } as const

test('a refund comes back as it was, and its money is held', async () => {
  expect(await insert()).toBe('inserted')
  expect(await store.transaction((tx) => tx.refunds.find('shop', 'REFUND-1'))).toEqual(aRefund())
  expect(await order()).toMatchObject({ refund_reserved: 40, refunded_total: 0, refund_count: 1 })
  expect(await insert()).toBe('number taken')
})

test('a number that another merchant of the same mchid has used is taken: at WeChat it is that refund', async () => {
  await store.transaction(async (tx) => {
    const other = anOrder({ merchant: 'kiosk', out_trade_no: 'ORDER-0002' })
    await tx.orders.insert(other, null, api)
    const order = await tx.orders.record(other, becomes(other, ordering), api, NOW)
    await tx.orders.record(order, becomes(order, { ...paid, transaction_id: '4200000000000000000000000002' }, ['order.paid']), api, NOW)
  })
  expect(await insert()).toBe('inserted')
  expect(await insert({ merchant: 'kiosk', out_trade_no: 'ORDER-0002' })).toBe('number taken')
  const elsewhere = aRefund({ merchant: 'kiosk', out_trade_no: 'ORDER-0002' })
  expect(await store.transaction((tx) => tx.refunds.insert(elsewhere, '1900000009', api))).toBe('inserted')
})

test('an order takes fifty refunds, as at WeChat, also from those who looked before', async () => {
  for (let n = 1; n <= 50; n++) expect(await insert({ out_refund_no: `REFUND-${n}`, amount: 1 })).toBe('inserted')
  expect(await insert({ out_refund_no: 'REFUND-51', amount: 1 })).toBe('not refundable')
  expect(await order()).toMatchObject({ refund_count: 50, refund_reserved: 50 })
})

test('E1: of forty at once exactly as many as fit are taken, fifty times over', async () => {
  for (let round = 0; round < 50; round++) {
    const fresh = await aStore()
    await fresh.transaction(async (tx) => {
      await tx.orders.insert(anOrder(), null, api)
      const one = await tx.orders.record(anOrder(), becomes(anOrder(), ordering), api, NOW)
      await tx.orders.record(one, becomes(one, paid), api, NOW)
    })
    const results = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        fresh.transaction((tx) => tx.refunds.insert(aRefund({ out_refund_no: `R-${i}`, amount: 30 }), '1900000001', api)),
      ),
    )
    expect(results.filter((result) => result === 'inserted')).toHaveLength(3)
    expect((await fresh.transaction((tx) => tx.orders.find('shop', 'ORDER-0001')))?.refund_reserved).toBe(90)
    await fresh.close()
  }
})

test('success posts, once: sums, ledger, event and history', async () => {
  await insert()
  const done = await becomesRefund(success, ['refund.succeeded'])
  expect(done).toMatchObject({ state: 'succeeded', version: 2 })
  expect(await order()).toMatchObject({ refund_reserved: 40, refunded_total: 40 })
  const events = await store.transaction((tx) => tx.events.list('shop', { limit: 10 }))
  expect(events.map((event) => [event.type, event.out_refund_no])).toEqual([
    ['order.paid', null],
    ['refund.succeeded', 'REFUND-1'],
  ])
  await insert({ out_refund_no: 'REFUND-2' })
  await becomesRefund({ ...success, refund_id: '5031' }, ['refund.succeeded'], 'REFUND-2')
  expect(await order()).toMatchObject({ refund_reserved: 80, refunded_total: 80, refund_count: 2 })
})

test('E5: a close gives the money back to what can be refunded', async () => {
  await insert({ amount: 100 })
  expect(await insert({ out_refund_no: 'REFUND-2', amount: 1 })).toBe('not refundable')
  await becomesRefund(closed, ['refund.closed'])
  expect(await order()).toMatchObject({ refund_reserved: 0, refund_count: 1 })
  expect(await insert({ out_refund_no: 'REFUND-2', amount: 100 })).toBe('inserted')
})

test('the bank pays back what was given up: held again if it fits, an incident if it does not', async () => {
  await insert()
  await becomesRefund(closed)
  await becomesRefund(success)
  expect(await order()).toMatchObject({ refund_reserved: 40, refunded_total: 40 })

  await insert({ out_refund_no: 'REFUND-2', amount: 60 })
  await becomesRefund(closed, [], 'REFUND-2')
  await insert({ out_refund_no: 'REFUND-3', amount: 60 })
  const kept = await becomesRefund({ ...success, refund_id: '5031' }, [], 'REFUND-2')
  expect(kept.state).toBe('closed')
  expect(await store.transaction((tx) => tx.incidents.count('shop'))).toBe(1)
  expect(await order()).toMatchObject({ refund_reserved: 100, refunded_total: 40 })
})

describe('the database itself refuses', () => {
  test('a refund of an order that is not paid', async () => {
    await store.transaction((tx) => tx.orders.insert(anOrder({ out_trade_no: 'ORDER-0002' }), null, api))
    expect(await insert({ out_trade_no: 'ORDER-0002' })).toBe('not refundable')
  })

  test.each([
    ['another amount', { amount: 41 }],
    ['another order', { out_trade_no: 'ORDER-0002' }],
    ['another request', { request: '{"x":1}' }],
    ['succeeded without WeChat’s number', { ...success, refund_id: null }],
    ['an open refund that nobody looks at again', { next_check_at: null }],
    ['a state without rank', { state: 'done' as Refund['state'] }],
  ])('%s', async (_, change) => {
    await insert()
    await expect(becomesRefund(change)).rejects.toThrow(StoreError)
    expect(await store.transaction((tx) => tx.refunds.find('shop', 'REFUND-1'))).toEqual(aRefund())
  })

  test('a way back', async () => {
    await insert()
    await becomesRefund(success)
    await expect(becomesRefund({ state: 'processing', next_check_at: 1 })).rejects.toThrow('not a legal move')
  })
})

describe('section E: a refund', () => {
  test('that was looked at on an older version is not rescheduled', async () => {
    await insert()
    const old = aRefund()
    await becomesRefund({ state: 'processing', refund_id: '5030' })
    const now = await store.transaction((tx) => tx.refunds.find('shop', 'REFUND-1'))
    await store.transaction((tx) => tx.refunds.reschedule({ ...old, next_check_at: NOW + 99_000_000, failure: 'OLD' }))
    expect(await store.transaction((tx) => tx.refunds.find('shop', 'REFUND-1'))).toEqual(now)
  })

  test('is not overwritten by one who read it before it went on', async () => {
    await insert()
    await becomesRefund({ state: 'processing', refund_id: '5030' })
    const stale = store.transaction((tx) =>
      tx.refunds.record(aRefund(), { refund: { ...aRefund(), state: 'abnormal' }, events: [], incidents: [] }, api, NOW),
    )
    await expect(stale).rejects.toMatchObject({ code: 'STORE_CONFLICT' })
    expect(await store.transaction((tx) => tx.refunds.find('shop', 'REFUND-1'))).toMatchObject({ state: 'processing' })
  })

  test('that is taken up ten times for nothing is shown to a person', async () => {
    await insert({ next_check_at: NOW })
    let now = NOW
    for (let i = 0; i < 11; i++) {
      await store.transaction((tx) => tx.refunds.claim(now, 10))
      now += 60_000
    }
    expect((await store.vitals(now)).incidents).toEqual([{ kind: 'stuck', count: 1 }])
  })
})
