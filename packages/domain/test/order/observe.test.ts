// The fold and its law.

import type { TradeState, Transaction } from '@cashdesk/protocol/spec'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { advances, type Incident, ORDER_STATES, type Order, observe } from '../../src/index.ts'
import { aFact, anOrder, aPartnerFact, aPendingOrder, NOW } from './builders.ts'

function fold(order: Order, facts: readonly Transaction[]): { order: Order; events: string[]; incidents: Incident[] } {
  let current = order
  const events: string[] = []
  const incidents = new Map<string, Incident>()
  for (const fact of facts) {
    const step = observe(current, fact, NOW)
    expect(step.order === current || advances(current.state, step.order.state) || step.order.late !== current.late).toBe(true)
    current = step.order
    events.push(...step.events)
    // At most one open incident of a kind per order, as in the store.
    for (const incident of step.incidents) incidents.set(incident.kind, incident)
  }
  return { order: current, events: events.sort(), incidents: [...incidents.values()] }
}

/** Facts about one order that was paid: unpaid, paid, refunded; possibly also a payment that does not match. */
const told = [aFact('NOTPAY'), aFact('USERPAYING'), aFact('PAYERROR'), aFact('SUCCESS'), aFact('REFUND')]
const toldOfClosed = [aFact('NOTPAY'), aFact('CLOSED')]
const wrong = aFact('SUCCESS', { amount: { total: 99 } })

const starts = fc.constantFrom<Order>(
  anOrder({ appid: null, openid: null }),
  aPendingOrder(),
  aPendingOrder({ state: 'ordering' }),
  aPendingOrder({ state: 'closing' }),
  aPendingOrder({ state: 'failed', next_check_at: null }),
  aPendingOrder({ state: 'closed', next_check_at: null }),
)

describe('C3, the law: any permutation with repetition of the same facts gives the same order and the same events', () => {
  test.each([
    ['a paid order', told],
    ['a closed order', toldOfClosed],
    ['a payment of another amount', [...told.filter((fact) => fact.trade_state === 'NOTPAY'), wrong]],
    ['a matching payment beside one that does not match', [wrong, aFact('SUCCESS'), aFact('NOTPAY')]],
  ])('%s', (_, facts) => {
    fc.assert(
      fc.property(starts, fc.array(fc.constantFrom(...facts), { maxLength: 12 }), fc.gen(), (start, extra, gen) => {
        const all = [...facts, ...extra]
        const shuffled = gen(fc.shuffledSubarray, all, { minLength: all.length })
        expect(fold(start, shuffled)).toEqual(fold(start, facts))
      }),
      { numRuns: 2000 },
    )
  })

  test('contradictory facts in any order also give the same state', () => {
    const states: TradeState[] = ['SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR', 'ACCEPT']
    const any = fc.array(fc.constantFrom<Transaction>(...states.map((state) => aFact(state)), wrong), { minLength: 1, maxLength: 10 })
    fc.assert(
      fc.property(starts, any, (start, facts) => {
        expect(fold(start, [...facts].reverse()).order).toEqual(fold(start, facts).order)
      }),
      { numRuns: 5000 },
    )
  })
})

test('a payment makes the order paid once, with the fields that WeChat sent', () => {
  const step = observe(aPendingOrder(), aFact('SUCCESS', { amount: { total: 100, payer_total: 80, currency: 'CNY' } }), NOW)
  expect(step.order).toMatchObject({ state: 'paid', transaction_id: '4200000001', payer_total: 80, late: false, next_check_at: null })
  expect(step.order.paid_at).toBe(Date.parse('2026-11-24T10:05:00Z'))
  expect(step.events).toEqual(['order.paid'])
  expect(observe(step.order, aFact('SUCCESS'), NOW).order).toBe(step.order)
})

test('C8: a coupon lowers what the user pays, not the amount of the order', () => {
  expect(observe(aPendingOrder(), aFact('SUCCESS', { amount: { total: 100, payer_total: 1 } }), NOW).order.state).toBe('paid')
})

describe('D30: a payment that differs in any field does not make the order paid', () => {
  test.each<[string, Transaction]>([
    ['amount.total', aFact('SUCCESS', { amount: { total: 99 } })],
    ['amount.currency', aFact('SUCCESS', { amount: { total: 100, currency: 'USD' } })],
    ['mchid', aFact('SUCCESS', { mchid: '1900000002' })],
    ['appid', aFact('SUCCESS', { appid: 'wx-other' })],
    ['payer.openid', aFact('SUCCESS', { payer: { openid: 'o-other' } })],
    ['out_trade_no', aFact('SUCCESS', { out_trade_no: 'ORDER0002' })],
    ['sub_mchid', aPartnerFact()],
  ])('%s', (field, fact) => {
    const step = observe(aPendingOrder(), fact, NOW)
    expect(step.order.state).toBe('review')
    expect(step.events).toEqual([])
    expect(Object.keys(step.incidents[0]?.detail ?? {})).toContain(field)
    expect(JSON.stringify(step.incidents)).not.toContain('o-other')
  })

  test('a second transaction for a paid order opens an incident and changes nothing', () => {
    const paid = observe(aPendingOrder(), aFact('SUCCESS'), NOW).order
    const step = observe(paid, aFact('SUCCESS', { transaction_id: '4200000002' }), NOW)
    expect(step.order).toBe(paid)
    expect(step.incidents[0]?.detail).toEqual({ transaction_id: '4200000001 / 4200000002' })
  })
})

describe('an order of a sub-merchant', () => {
  const partner = (change: Partial<Order> = {}) => aPendingOrder({ sub_mchid: '1900000009', ...change })
  test("paid in the sub-merchant's program", () => {
    expect(observe(partner(), aPartnerFact(), NOW).order.state).toBe('paid')
  })
  test("paid in the provider's program", () => {
    const order = partner({ appid: 'wx-sp', openid: 'o-under-sp' })
    expect(observe(order, aPartnerFact({ sub_appid: undefined, payer: { sp_openid: 'o-under-sp' } }), NOW).order.state).toBe('paid')
  })
  test('a payment to another sub-merchant does not make it paid', () => {
    expect(observe(partner(), aPartnerFact({ sub_mchid: '1900000008' }), NOW).order.state).toBe('review')
  })
  test('a direct payment under the same number does not make it paid', () => {
    expect(observe(partner(), aFact('SUCCESS'), NOW).order.state).toBe('review')
  })
})

describe('G13: WeChat reports a payment of an order that was never sent, as far as we know', () => {
  const unsent = anOrder({ appid: null, openid: null })
  test('the user who paid becomes its payer', () => {
    expect(observe(unsent, aFact('SUCCESS'), NOW).order).toMatchObject({ state: 'paid', appid: 'wx-shop', openid: 'o-user', request: null })
    const partner = observe({ ...unsent, sub_mchid: '1900000009' }, aPartnerFact(), NOW).order
    expect(partner).toMatchObject({ state: 'paid', appid: 'wx-shop', openid: 'o-user' })
  })
  test('nothing is copied from a payment that does not match', () => {
    expect(observe(unsent, aFact('SUCCESS', { amount: { total: 99 } }), NOW).order).toMatchObject({
      state: 'review',
      appid: null,
      openid: null,
    })
  })
  test('a payer that the backend named is not replaced', () => {
    expect(observe(anOrder(), aFact('SUCCESS', { payer: { openid: 'o-other' } }), NOW).order.state).toBe('review')
  })
})

test('D4: a payment after we had given up counts and is marked late', () => {
  const step = observe(aPendingOrder({ state: 'closed', next_check_at: null }), aFact('SUCCESS'), NOW)
  expect(step.order).toMatchObject({ state: 'paid', late: true })
  expect(step.events).toEqual(['order.paid'])
})

test('C12: an order that is first reported as refunded becomes paid', () => {
  expect(observe(aPendingOrder(), aFact('REFUND'), NOW).events).toEqual(['order.paid'])
})

test('every state has a rank', () => {
  for (const state of ORDER_STATES) expect(advances(state, state)).toBe(false)
  expect(anOrder().state).toBe('created')
})
