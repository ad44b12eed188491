// Decisions about a payment that differs from its order: WeChat's latest answer counts, and a decision is made once.

import { describe, expect, test } from 'vitest'
import { decide, observe, refundable } from '../../src/index.ts'
import { aFact, anOrder, NOW } from './builders.ts'

const fact = aFact('SUCCESS', { amount: { total: 99, payer_total: 90 } })
const inReview = observe(anOrder(), fact, NOW).order

describe('an accepted payment', () => {
  const decided = decide(inReview, 'accepted', fact, false, NOW)
  if (!decided.ok) throw new TypeError(decided.refusal)
  const { order, events } = decided.step

  test('counts with the amount that was paid, and limits refunds to it', () => {
    expect(inReview.state).toBe('review')
    expect(order).toMatchObject({ state: 'paid', decision: 'accepted', paid_total: 99, payer_total: 90, next_check_at: null })
    expect(events).toEqual(['order.paid'])
    expect(refundable(order)).toBe(99)
    expect(refundable({ ...order, paid_total: 101 })).toBe(order.amount.total)
  })

  test('opens no incident when it is reported again; another payment opens one', () => {
    expect(observe(order, fact, NOW)).toEqual({ order, events: [], incidents: [] })
    expect(observe(order, { ...fact, transaction_id: 'another' }, NOW).incidents).toHaveLength(1)
  })

  test('of exactly the ordered amount sets no paid_total', () => {
    const same = decide(inReview, 'accepted', aFact('SUCCESS'), false, NOW)
    expect(same).toMatchObject({ ok: true, step: { order: { state: 'paid', paid_total: null } } })
  })

  test.each([
    ['is no longer paid', { trade_state: 'NOTPAY' as const }],
    ['went to another merchant', { mchid: '1900000999' }],
    ['is in another currency', { amount: { total: 99, currency: 'USD' } }],
  ])('is not accepted when the money %s', (_, change) => {
    expect(decide(inReview, 'accepted', { ...fact, ...change }, false, NOW)).toEqual({ ok: false, refusal: 'NOT_DECIDABLE' })
  })
})

test('a rejected order is closed with one event, and the same payment reported again changes nothing', () => {
  const decided = decide(inReview, 'rejected', fact, false, NOW)
  if (!decided.ok) throw new TypeError(decided.refusal)
  const { order, events } = decided.step
  expect(order).toMatchObject({ state: 'closed', decision: 'rejected', next_check_at: null })
  expect(events).toEqual(['order.closed'])
  expect(observe(order, fact, NOW)).toEqual({ order, events: [], incidents: [] })
  expect(decide(inReview, 'rejected', fact, true, NOW)).toMatchObject({ ok: true, step: { events: [] } })
})

test('only an order in review can be decided', () => {
  expect(decide(anOrder(), 'accepted', fact, false, NOW)).toEqual({ ok: false, refusal: 'NOT_IN_REVIEW' })
})

test('A11: a second payment for a rejected order opens an incident and leaves the decision as it is', () => {
  const decided = decide(inReview, 'rejected', fact, false, NOW)
  if (!decided.ok) throw new Error('expected a decision')
  const { order } = decided.step
  const step = observe(order, aFact('SUCCESS', { transaction_id: 'second' }), NOW)
  expect([step.order, step.events]).toEqual([order, []])
  expect(step.incidents).toEqual([{ kind: 'payment_mismatch', detail: { transaction_id: `${order.transaction_id} / second` } }])
})
