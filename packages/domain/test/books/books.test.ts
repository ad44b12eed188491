// Differences, statements and days: what they may become, and that the sums close.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  actOn,
  ageOf,
  type Difference,
  dayAfter,
  dayOf,
  dayStart,
  dayStateOf,
  expectedClosing,
  explain,
  feeOf,
  foundAgain,
  itemOf,
  type Movement,
  nextTry,
  oldestDay,
  readyAt,
  stateDiffers,
  summing,
} from '../../src/index.ts'

const NOW = Date.parse('2026-11-24T02:00:00Z')
const one: Difference = {
  id: 'dif_1',
  mchid: '1900000001',
  date: '2026-11-23',
  class: 'amount',
  subject: 'ORDER-1',
  merchant: 'shop',
  amount: 5,
  detail: { ours: '1', theirs: '6' },
  state: 'open',
  reason: null,
  evidence: null,
  owner: null,
  note: null,
  proposed_by: null,
  version: 1,
  opened_at: NOW,
  updated_at: NOW,
}

describe('a difference', () => {
  test('found again as it was stays as a person left it; found with another amount it opens again', () => {
    const settled = actOn(one, { act: 'resolve', reason: 'timing', note: 'x' })
    expect(settled).toMatchObject({ state: 'resolved', reason: 'timing', note: 'x' })
    expect(foundAgain(settled as Difference, one)).toBe(settled)
    expect(foundAgain(settled as Difference, { ...one, amount: 7 })).toMatchObject({ state: 'open', amount: 7, reason: null })
  })
  test('gone and found again, it is open again; explained by an answer of WeChat it stays explained', () => {
    expect(foundAgain(explain(one, 'gone'), one)).toMatchObject({ state: 'open', evidence: null })
    const late = explain(one, 'late')
    expect(foundAgain(late, one)).toBe(late)
  })
  test('the machine explains only what nobody has settled', () => {
    const accepted = actOn(one, { act: 'accept', note: 'small' }) as Difference
    expect(explain(accepted, 'gone')).toBe(accepted)
  })
  test.each(['resolve', 'accept', 'assign'] as const)('what is settled must be opened again before %s', (act) => {
    const accepted = actOn(one, { act: 'accept', note: 'x' }) as Difference
    expect(actOn(accepted, { act, reason: 'other', owner: 'x', note: 'x' } as never)).toBeUndefined()
    expect(actOn(accepted, { act: 'reopen', note: 'x' })).toMatchObject({ state: 'open' })
  })
  test.each([
    [0, '0-1'],
    [2, '2-3'],
    [7, '4-7'],
    [30, '8-30'],
    [31, '>30'],
  ])('%i days old is %s', (days, bucket) => expect(ageOf(NOW - days * 86_400_000, NOW)).toBe(bucket))
})

test.each([
  ['succeeded', 'SUCCESS', false],
  ['processing', 'SUCCESS', true],
  // The bill tells how it was when it was made.
  ['succeeded', 'PROCESSING', false],
  ['succeeded', 'CHANGE', false],
  ['succeeded', 'FAIL', true],
  ['rejected', 'PROCESSING', true],
] as const)('a refund that is %s here and %s there differs: %s', (state, status, differs) => {
  expect(stateDiffers(state, status)).toBe(differs)
})

test.each([
  [100, 6000, 1000],
  [50, 6000, 0],
  [84, 6000, 1000],
  [83, 6000, 0],
])('the fee of %i fen at %i ppm is %i thousandths', (total, rate, fee) => expect(feeOf(total, rate)).toBe(fee))

describe('a statement', () => {
  const movement = (line: number, at: number, name: string, direction: 'in' | 'out', amount: number, balance: number): Movement => ({
    line,
    at,
    flow_id: `flow-${line}`,
    business_name: name,
    business_type: name,
    direction,
    amount,
    balance,
  })
  const done = (lines: readonly Movement[]) => {
    const sum = summing()
    for (const one of lines) sum.add(one)
    return sum.done()
  }
  test('sums each kind, and closes on the balance', () => {
    const found = done([
      movement(2, 1, '交易', 'in', 1000, 6000),
      movement(3, 1, '扣除交易手续费', 'out', 6, 5994),
      movement(4, 2, '退款', 'out', 300, 5694),
      movement(5, 3, '提现', 'out', 5000, 694),
      movement(6, 4, '分账', 'out', 94, 600),
      movement(7, 5, '退款退回', 'in', 300, 900),
    ])
    expect(found?.findings).toEqual([])
    expect(found?.statement).toMatchObject({
      opening: 5000,
      receipts: 1000,
      fees: 6,
      refunds: 300,
      withdrawals: 5000,
      shares: -94,
      closing: 900,
    })
    expect(found && expectedClosing(found.statement)).toBe(900)
  })
  test('lines of one second may stand in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5, maxLength: 5 }), (order) => {
        let balance = 100
        const lines = [10, -3, 7, -20, 5].map((change, i) => {
          balance += change
          return movement(i, 1, '交易', change > 0 ? 'in' : 'out', Math.abs(change), balance)
        })
        const found = done(order.map((i) => lines[i] as Movement))
        expect(found).toMatchObject({ findings: [], statement: { opening: 100, closing: 99 } })
      }),
    )
  })
  test('a line that is missing breaks the chain where it was, by its amount, and once', () => {
    const lines = [movement(2, 1, '交易', 'in', 10, 110), movement(3, 2, '交易', 'in', 20, 130), movement(4, 3, '交易', 'in', 5, 135)]
    const found = done(lines.filter(({ line }) => line !== 3))
    expect(found?.findings).toEqual([
      { class: 'balance_break', subject: 'flow-4', merchant: null, amount: 20, detail: { line: '4', expected: '115', balance: '135' } },
    ])
  })
  test('an unknown kind is one difference with its sum, and stands under other', () => {
    const found = done([movement(2, 1, '新业务', 'out', 10, 90), movement(3, 2, '新业务', 'in', 4, 94)])
    expect(found?.findings).toMatchObject([{ class: 'unknown_business', subject: '新业务/新业务', amount: -6, detail: { count: '2' } }])
    expect(found?.statement.other).toBe(-6)
  })
  test.each([
    ['交易', '扣除交易手续费', 'fees'],
    ['退款', '退款手续费退还', 'fee_returns'],
    ['退款', '退款关闭退还', 'refunds_returned'],
    ['企业付款', '企业付款', 'transfers'],
    ['充值/提现', '充值', 'recharges'],
  ])('%s / %s is %s', (business_name, business_type, item) => expect(itemOf({ business_name, business_type })).toBe(item))
})

test('days are Beijing’s, and their bills are there from 10:00 of the next', () => {
  expect(dayOf(Date.parse('2026-11-23T16:00:00Z'))).toBe('2026-11-24')
  expect(dayStart('2026-11-24')).toBe(Date.parse('2026-11-23T16:00:00Z'))
  expect(readyAt('2026-11-23')).toBe(NOW)
  expect(dayAfter('2026-02-28')).toBe('2026-03-01')
  expect(oldestDay(NOW)).toBe('2026-08-24')
  expect(nextTry(1, true, 0)).toBe(30 * 60_000)
  expect(nextTry(12, false, 0)).toBe(30 * 60_000)
  expect(nextTry(40, false, 0)).toBe(6 * 3_600_000)
  expect(nextTry(40, true, 0)).toBe(30 * 60_000)
})

test.each([
  [{ unsettled: 1, settled: 4, lines: 9 }, 'open'],
  [{ unsettled: 0, settled: 4, lines: 9 }, 'explained'],
  [{ unsettled: 0, settled: 0, lines: 9 }, 'clean'],
  [{ unsettled: 0, settled: 0, lines: 0 }, 'empty'],
])('a day with %j is %s', (counts, state) => expect(dayStateOf(counts)).toBe(state))
