// Refunds: which requests are allowed, and the fold with its law.

import type { Refund as Fact } from '@cashdesk/protocol/spec'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  isReserved,
  lookAtRefundLater,
  observeRefund,
  REFUND_STATES,
  REFUND_WINDOW_MS,
  type Refund,
  refundAdvances,
  refundDifferences,
  rejectRefund,
  requestRefund,
} from '../../src/index.ts'
import { aPendingOrder, NOW } from '../order/builders.ts'

const paid = (change = {}) => aPendingOrder({ state: 'paid', transaction_id: '42', paid_at: NOW, next_check_at: null, ...change })
const input = { out_refund_no: 'REFUND-1', amount: 40, reason: null }
const request = () => '{}'

function aRefund(change: Partial<Refund> = {}): Refund {
  const asked = requestRefund(paid(), input, request, NOW)
  if (!asked.ok) throw new Error(asked.refusal)
  return { ...asked.refund, ...change }
}

const fact = (status: Fact['status'], change: Partial<Fact> = {}): Fact => ({
  refund_id: '5030',
  out_refund_no: 'REFUND-1',
  out_trade_no: 'ORDER0001',
  transaction_id: '42',
  status,
  ...(status === 'SUCCESS' && { success_time: '2026-11-24T18:30:00+08:00', user_received_account: '支付用户零钱' }),
  amount: { total: 100, refund: 40, payer_total: 100, payer_refund: 40 },
  ...change,
})

describe('a refund request', () => {
  test('may ask for a part of a paid order', () => {
    expect(requestRefund(paid(), input, request, NOW)).toMatchObject({
      ok: true,
      refund: { state: 'requested', amount: 40, out_trade_no: 'ORDER0001' },
    })
  })
  test.each([
    ['ORDER_NOT_PAID', aPendingOrder(), 40, NOW],
    ['ORDER_NOT_PAID', paid({ state: 'closed' }), 40, NOW],
    ['AMOUNT_EXCEEDS_REFUNDABLE', paid(), 101, NOW],
    ['AMOUNT_EXCEEDS_REFUNDABLE', paid({ refund_reserved: 61 }), 40, NOW],
    ['TOO_MANY_REFUNDS', paid({ refund_count: 50 }), 1, NOW],
    ['REFUND_TOO_LATE', paid(), 40, NOW + REFUND_WINDOW_MS + 1],
  ] as const)('E9: %s', (refusal, order, amount, now) => {
    expect(requestRefund(order, { ...input, amount }, request, now)).toEqual({ ok: false, refusal })
  })
  test('under a used number with other contents names each field that differs', () => {
    expect(refundDifferences(aRefund(), 'ORDER0001', input)).toEqual([])
    expect(refundDifferences(aRefund(), 'ORDER0002', { ...input, amount: 41, reason: 'x' })).toEqual(['out_trade_no', 'amount', 'reason'])
  })
})

describe('E7, the law: any permutation with repetition of the same facts gives the same refund and the same events', () => {
  const fold = (facts: readonly Fact[]) => {
    let refund = aRefund()
    const events: string[] = []
    for (const one of facts) {
      const step = observeRefund(refund, one, NOW)
      refund = step.refund
      events.push(...step.events)
    }
    return { refund, events }
  }
  test.each([
    ['succeeded', [fact('PROCESSING'), fact('SUCCESS')]],
    ['abnormal, then succeeded another way', [fact('PROCESSING'), fact('ABNORMAL'), fact('SUCCESS')]],
    ['closed', [fact('PROCESSING'), fact('CLOSED')]],
    ['still abnormal', [fact('PROCESSING'), fact('ABNORMAL')]],
  ])('%s', (_, facts) => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...facts), { maxLength: 10 }), fc.gen(), (extra, gen) => {
        const all = [...facts, ...extra]
        expect(fold(gen(fc.shuffledSubarray, all, { minLength: all.length }))).toEqual(fold(facts))
      }),
      { numRuns: 2000 },
    )
  })
})

test('a success is stored with the fields that WeChat sent', () => {
  const { refund, events } = observeRefund(aRefund(), fact('SUCCESS'), NOW)
  expect(refund).toMatchObject({
    state: 'succeeded',
    refund_id: '5030',
    received_account: '支付用户零钱',
    next_check_at: null,
    succeeded_at: Date.parse('2026-11-24T10:30:00Z'),
  })
  expect(events).toEqual(['refund.succeeded'])
})

test('E4: an abnormal refund keeps its amount held and opens an incident', () => {
  const { refund, incidents } = observeRefund(aRefund(), fact('ABNORMAL'), NOW)
  expect(isReserved(refund.state)).toBe(true)
  expect(refund.next_check_at).not.toBeNull()
  expect(incidents).toMatchObject([{ kind: 'refund_abnormal' }])
})

test.each([
  ['amount.refund', fact('SUCCESS', { amount: { total: 100, refund: 41, payer_total: 100, payer_refund: 41 } })],
  ['out_trade_no', fact('SUCCESS', { out_trade_no: 'ORDER0002' })],
])('a fact that differs in %s changes nothing and opens an incident', (field, told) => {
  const before = aRefund()
  const step = observeRefund(before, told, NOW)
  expect(step.refund).toBe(before)
  expect(Object.keys(step.incidents[0]?.detail ?? {})).toEqual([field])
})

test('only a refund that WeChat never accepted can be rejected', () => {
  expect(rejectRefund(aRefund(), 'PARAM_ERROR')).toMatchObject({
    refund: { state: 'rejected', failure: 'PARAM_ERROR' },
    events: ['refund.rejected'],
  })
  const processing = aRefund({ state: 'processing' })
  expect(rejectRefund(processing, 'PARAM_ERROR').refund).toBe(processing)
  for (const state of REFUND_STATES) expect(refundAdvances(state, state)).toBe(false)
})

test('E6: a refund is checked after 1, 5 and 30 minutes, and then every 2 hours', () => {
  const pauses = [0, 1, 2, 3, 4, 9].map((attempts) => (lookAtRefundLater(aRefund({ attempts }), NOW).next_check_at ?? 0) - NOW)
  expect(pauses.map((ms) => ms / 60_000)).toEqual([1, 5, 30, 120, 120, 120])
})
