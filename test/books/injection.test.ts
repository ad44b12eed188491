// For each class of difference, faults at random places of random days: exactly these are found, with class, number and amount. Nothing else, nothing less.

import { type Order, observe, place, type Refund } from '@cashdesk/domain'
import type { Store, Tx } from '@cashdesk/store'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareDay } from '../../packages/server/src/reconcile/compare.ts'
import { loadBill } from '../../packages/server/src/reconcile/load.ts'
import { ENGINE } from '../support/database.ts'
import { aWorld, type TestWorld } from '../support/world.ts'
import { chained, type FundLine, fundBill, fundsOf, type TradeLine, tradeBill } from './a-day.ts'

/** PostgreSQL needs ten times as long a day, so it gets fewer of them. */
const SEEDS = Math.ceil(Number(process.env['CASHDESK_SEEDS'] ?? 60) / (ENGINE === 'postgres' ? 8 : 1))
const RATE_PPM = 6000
const DAY_MS = 24 * 60 * 60 * 1000
const FIRST_DAY = Date.parse('2016-01-01T00:00:00+08:00')

let world: TestWorld
let store: Store
beforeAll(async () => {
  world = await aWorld()
  store = world.world.store
})
afterAll(() => world.close())

interface Expected {
  class: string
  subject: string
  amount: number
}

interface Day {
  n: number
  date: string
  trades: TradeLine[]
  funds: FundLine[]
  expected: Expected[]
  /** Orders that are not to be written, or not to be paid here. */
  unwritten: Set<string>
  unpaid: Set<string>
  references: Map<string, string>
  refundChanges: Map<string, Partial<Refund>>
  refundsUnwritten: Set<string>
}

const fee = (total: number, rate = RATE_PPM): number => Math.floor((total * rate) / 1_000_000 + 0.5)

/** Sixteen payments and the refunds of four of them. */
function aDay(n: number, random: () => number): Day {
  const start = FIRST_DAY + n * DAY_MS
  const { mchid, appid } = world.emulator.settings
  const id = String(n).padStart(6, '0')
  const base = { appid, mchid, sub_mchid: '', currency: 'CNY', rate_ppm: RATE_PPM }
  const trades: TradeLine[] = []
  for (let i = 0; i < 16; i++) {
    const total = 1 + Math.floor(random() * 100_000)
    const key = `${id}${String(i).padStart(2, '0')}`
    const line = { ...base, at: start + 1000 * (600 + i * 3600), transaction_id: `42000${key}`, out_trade_no: `O-${key}` }
    trades.push({ ...line, kind: 'SUCCESS', total, refund: 0, refund_id: '', out_refund_no: '', refund_status: '', fee: fee(total) })
    if (i % 4 !== 3) continue
    const refund = 1 + Math.floor(random() * total)
    const back = { refund, total: 0, refund_id: `50300${key}`, out_refund_no: `R-${key}`, refund_status: 'SUCCESS' }
    trades.push({ ...line, ...back, at: line.at + 60_000, kind: 'REFUND', fee: -Math.floor((fee(total) * refund) / total) })
  }
  return {
    n,
    date: new Date(start + 8 * 3_600_000).toISOString().slice(0, 10),
    trades,
    funds: [],
    expected: [],
    unwritten: new Set(),
    unpaid: new Set(),
    references: new Map(),
    refundChanges: new Map(),
    refundsUnwritten: new Set(),
  }
}

type Fault = (day: Day, line: TradeLine, random: () => number) => void

/** Faults of the trade bill and of what is ours. */
const PAYMENT_FAULTS: Readonly<Record<string, Fault>> = {
  paid_there_not_here(day, { out_trade_no, total }) {
    day.unpaid.add(out_trade_no)
    day.expected.push({ class: 'paid_there_not_here', subject: out_trade_no, amount: total })
  },
  unknown_here(day, { out_trade_no, total }) {
    day.unwritten.add(out_trade_no)
    day.expected.push({ class: 'unknown_here', subject: out_trade_no, amount: total })
  },
  missing_there(day, line) {
    day.trades = day.trades.filter((one) => one !== line)
    day.expected.push({ class: 'missing_there', subject: line.out_trade_no, amount: -line.total })
  },
  amount(day, line, random) {
    const off = 1 + Math.floor(random() * 500)
    replace(day, line, { total: line.total + off, fee: fee(line.total + off) })
    day.expected.push({ class: 'amount', subject: line.out_trade_no, amount: off })
  },
  transaction_id(day, line) {
    replace(day, line, { transaction_id: `${line.transaction_id}9` })
    day.expected.push({ class: 'transaction_id', subject: line.out_trade_no, amount: 0 })
  },
  currency(day, line) {
    replace(day, line, { currency: 'USD' })
    day.expected.push({ class: 'currency', subject: line.out_trade_no, amount: 0 })
  },
  recipient(day, line) {
    replace(day, line, { appid: 'wx000000000000dead' })
    day.expected.push({ class: 'recipient', subject: line.out_trade_no, amount: 0 })
  },
  fee_amount(day, line, random) {
    const off = 2 + Math.floor(random() * 50)
    replace(day, line, { fee: line.fee + off })
    const known = day.expected.find((one) => one.class === 'fee_amount')
    if (known) known.amount += off
    else day.expected.push({ class: 'fee_amount', subject: '0.60%', amount: off })
  },
  fee_rate(day, line) {
    const rate_ppm = 10_000 + day.n * 100
    if (day.expected.some((one) => one.class === 'fee_rate')) return
    replace(day, line, { rate_ppm, fee: fee(line.total, rate_ppm) })
    day.expected.push({ class: 'fee_rate', subject: `${(rate_ppm / 10_000).toFixed(2)}%`, amount: -fee(line.total, rate_ppm) })
  },
  double_payment(day, line) {
    const other = day.trades.find((one) => isPlain(day, one) && one !== line)
    if (!other || day.references.size > 0) return
    for (const one of [line, other]) day.references.set(one.out_trade_no, `REF-${day.n}`)
    const [, second] = [line, other].sort((a, b) => a.at - b.at)
    if (second) day.expected.push({ class: 'double_payment', subject: second.out_trade_no, amount: second.total })
  },
}

const REFUND_FAULTS: Readonly<Record<string, Fault>> = {
  refund_unknown_here(day, { out_refund_no, refund }) {
    day.refundsUnwritten.add(out_refund_no)
    day.expected.push({ class: 'refund_unknown_here', subject: out_refund_no, amount: -refund })
  },
  refund_missing_there(day, line) {
    day.trades = day.trades.filter((one) => one !== line)
    day.expected.push({ class: 'refund_missing_there', subject: line.out_refund_no, amount: line.refund })
  },
  refund_amount(day, line) {
    replace(day, line, { refund: line.refund + 1 })
    day.expected.push({ class: 'refund_amount', subject: line.out_refund_no, amount: -1 })
  },
  refund_state(day, { out_refund_no }) {
    day.refundChanges.set(out_refund_no, { state: 'processing' })
    day.expected.push({ class: 'refund_state', subject: out_refund_no, amount: 0 })
  },
  fee_return(day, line) {
    const payment = day.trades.find((one) => one.kind === 'SUCCESS' && one.transaction_id === line.transaction_id)
    if (!payment) return
    replace(day, line, { fee: -(payment.fee + 7) })
    day.expected.push({ class: 'fee_return', subject: line.transaction_id, amount: 7 })
  },
}

/** Faults of the fund-flow bill. The balances are written anew afterwards, except for a break of their chain. */
const FUND_FAULTS: Readonly<Record<string, (day: Day, at: number, random: () => number) => void>> = {
  fund_missing(day, at) {
    const { business_id } = day.funds[at] as FundLine
    const wanted = day.funds.filter((one) => one.business_id === business_id)
    day.funds = day.funds.filter((one) => one.business_id !== business_id)
    const net = wanted.reduce((sum, one) => sum + (one.direction === '收入' ? one.amount : -one.amount), 0)
    day.expected.push({ class: 'fund_missing', subject: business_id, amount: -net })
  },
  fund_extra(day, at) {
    const line = day.funds[at] as FundLine
    day.funds.splice(at, 0, { ...line, business_id: `X-${day.n}`, flow_id: `FX-${day.n}`, name: '交易', direction: '收入', amount: 321 })
    day.expected.push({ class: 'fund_extra', subject: `FX-${day.n}`, amount: 321 })
  },
  fund_amount(day, at) {
    const line = day.funds[at] as FundLine
    day.funds[at] = { ...line, amount: line.amount + 13 }
    day.expected.push({ class: 'fund_amount', subject: line.business_id, amount: line.direction === '收入' ? 13 : -13 })
  },
  unknown_business(day, at) {
    const line = day.funds[at] as FundLine
    day.funds.splice(at, 0, { ...line, business_id: `N-${day.n}`, flow_id: `FN-${day.n}`, name: '新业务', direction: '支出', amount: 50 })
    day.expected.push({ class: 'unknown_business', subject: '新业务/新业务', amount: -50 })
  },
}

function replace(day: Day, line: TradeLine, change: Partial<TradeLine>): void {
  day.trades = day.trades.map((one) => (one === line ? { ...one, ...change } : one))
}

/** A payment that no fault has touched and that has no refund. */
function isPlain(day: Day, line: TradeLine): boolean {
  const touched = day.expected.some(({ subject }) => subject === line.out_trade_no || subject === line.transaction_id)
  const refunded = day.trades.some((one) => one.kind === 'REFUND' && one.transaction_id === line.transaction_id)
  return line.kind === 'SUCCESS' && !touched && !refunded && !day.references.has(line.out_trade_no)
}

async function ours(tx: Tx, day: Day, original: readonly TradeLine[]): Promise<void> {
  const { mchid, appid, users } = world.emulator.settings
  const openid = users[0]?.openid ?? ''
  for (const line of original.filter((one) => one.kind === 'SUCCESS' && !day.unwritten.has(one.out_trade_no))) {
    const { out_trade_no, total, at, transaction_id } = line
    const placement = {
      merchant: 'shop',
      recipient: { mchid, sub_mchid: null },
      out_trade_no,
      reference: null,
      description: 'x',
      amount: { total, currency: 'CNY' as const },
      attach: null,
      metadata: null,
      payer: { appid, openid },
      expires_at: at + 7_200_000,
    }
    const order: Order = { ...place(placement, at - 60_000), reference: day.references.get(out_trade_no) ?? null }
    await tx.orders.insert(order, null, { source: 'api' })
    if (day.unpaid.has(out_trade_no)) continue
    const fact = {
      appid,
      mchid,
      out_trade_no,
      transaction_id,
      trade_type: 'JSAPI',
      trade_state: 'SUCCESS' as const,
      trade_state_desc: '',
      success_time: new Date(at).toISOString(),
      payer: { openid },
      amount: { total, payer_total: total, currency: 'CNY', payer_currency: 'CNY' },
    }
    await tx.orders.record(order, observe(order, fact, at), { source: 'query' }, at)
  }
}

async function ourRefunds(tx: Tx, day: Day, original: readonly TradeLine[]): Promise<void> {
  for (const { out_trade_no, out_refund_no, refund: amount, refund_id, at } of original.filter((one) => one.kind === 'REFUND')) {
    if (day.refundsUnwritten.has(out_refund_no) || day.unwritten.has(out_trade_no) || day.unpaid.has(out_trade_no)) continue
    const order = await tx.orders.lock('shop', out_trade_no)
    if (!order) continue
    const asked: Refund = {
      merchant: 'shop',
      out_refund_no,
      out_trade_no,
      amount,
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
      next_check_at: at,
      created_at: at,
      updated_at: at,
    }
    expect(await tx.refunds.insert(asked, order.mchid, { source: 'api' })).toBe('inserted')
    const done = day.refundChanges.get(out_refund_no)?.state !== 'processing'
    const after: Refund = {
      ...asked,
      refund_id,
      ...(done ? { state: 'succeeded', succeeded_at: at, next_check_at: null } : { state: 'processing' }),
    }
    await tx.refunds.record(asked, { refund: after, events: done ? ['refund.succeeded'] : [], incidents: [] }, { source: 'query' }, at)
  }
}

async function load(day: Day, kind: 'trade' | 'fund_flow', text: string): Promise<void> {
  const { mchid } = world.emulator.settings
  const bytes = Buffer.from(text)
  const loaded = await loadBill(world.world, { mchid, date: day.date, kind, source: 'import' }, async function* (keep) {
    keep(bytes)
    yield bytes
  })
  expect(loaded).toMatchObject({ state: 'loaded' })
}

async function found(day: Day): Promise<Expected[]> {
  const page = { limit: 100, mchids: [world.emulator.settings.mchid], date: day.date }
  const all = await store.transaction((tx) => tx.books.differences(page))
  return all.map(({ class: of, subject, amount }) => ({ class: of, subject, amount }))
}

const sorted = (all: readonly Expected[]): string[] => all.map((one) => `${one.class} ${one.subject} ${one.amount}`).sort()

async function tryDay(n: number, seed: number, faults: number): Promise<void> {
  const random = fc.sample(fc.noBias(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), { seed, numRuns: 400 })
  let at = 0
  const next = (): number => random[at++ % random.length] ?? 0
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T
  const day = aDay(n, next)
  const original = day.trades
  for (let i = 0; i < faults; i++) {
    if (next() < 0.65) {
      const plain = day.trades.filter((one) => isPlain(day, one))
      const line = plain.length > 2 ? pick(plain) : undefined
      if (line) PAYMENT_FAULTS[pick(Object.keys(PAYMENT_FAULTS))]?.(day, line, next)
    } else {
      const refunds = day.trades.filter(
        (one) =>
          one.kind === 'REFUND' && !day.expected.some(({ subject }) => subject === one.out_refund_no || subject === one.transaction_id),
      )
      const line = refunds.length > 0 ? pick(refunds) : undefined
      if (line) REFUND_FAULTS[pick(Object.keys(REFUND_FAULTS))]?.(day, line, next)
    }
  }
  day.funds = day.trades.flatMap(fundsOf)
  const plainFunds = (): number => {
    const free = day.funds.flatMap((one, i) =>
      day.expected.some(({ subject }) => subject === one.business_id || subject === one.flow_id) ? [] : [i],
    )
    return pick(free)
  }
  const fundFault = next() < 0.6 ? pick(Object.keys(FUND_FAULTS)) : undefined
  if (fundFault) FUND_FAULTS[fundFault]?.(day, plainFunds(), next)
  day.funds = chained(day.funds, 100_000)
  if (next() < 0.3) {
    const broken = 1 + Math.floor(next() * (day.funds.length - 1))
    const line = day.funds[broken] as FundLine
    const first = day.funds.findIndex((one) => one.at === line.at)
    if (first > 0) {
      day.funds = day.funds.map((one, i) => (i >= first ? { ...one, balance: one.balance + 17 } : one))
      day.expected.push({ class: 'balance_break', subject: (day.funds[first] as FundLine).flow_id, amount: 17 })
    }
  }
  await store.transaction((tx) => ours(tx, day, original))
  await store.transaction((tx) => ourRefunds(tx, day, original))
  await load(day, 'trade', tradeBill(day.trades))
  await load(day, 'fund_flow', fundBill(day.funds))
  const of = { mchid: world.emulator.settings.mchid, date: day.date }
  await compareDay(world.world, { ...of, run: 1 })
  expect(sorted(await found(day)), `seed ${seed}`).toEqual(sorted(day.expected))
  // Once more: the same differences, none twice.
  await compareDay(world.world, { ...of, run: 2 })
  expect(sorted(await found(day)), `seed ${seed}, again`).toEqual(sorted(day.expected))
}

test('a day without faults has no differences', async () => {
  for (let n = 0; n < 3; n++) await tryDayClean(n)
})

async function tryDayClean(n: number): Promise<void> {
  const seed = 1000 + n
  const random = fc.sample(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { seed, numRuns: 100 })
  let at = 0
  const day = aDay(n, () => random[at++ % random.length] ?? 0)
  day.funds = chained(day.trades.flatMap(fundsOf), 0)
  await store.transaction((tx) => ours(tx, day, day.trades))
  await store.transaction((tx) => ourRefunds(tx, day, day.trades))
  await load(day, 'trade', tradeBill(day.trades))
  await load(day, 'fund_flow', fundBill(day.funds))
  await compareDay(world.world, { mchid: world.emulator.settings.mchid, date: day.date, run: 1 })
  expect(sorted(await found(day))).toEqual([])
}

test(`${SEEDS} days with faults: exactly these are found, with class, number and amount`, { timeout: 3_600_000 }, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) await tryDay(10 + seed, seed, 1 + (seed % 6))
})
