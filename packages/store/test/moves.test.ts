// A11, D8: what the domain permits, the store can hold. Its tables of moves are the domain's, and whatever a walk of domain steps makes of an order or a
// refund is written, on both engines.

import {
  beginPayment,
  closedByWechat,
  decide,
  giveUp,
  lookLater,
  ORDER_MOVES,
  type Order,
  observe,
  observeRefund,
  prepaid,
  REFUND_MOVES,
  type Refund,
  type RefundStep,
  refuse,
  rejectRefund,
  requestRefund,
  type Step,
} from '@cashdesk/domain'
import type { Refund as RefundFact, TradeState, Transaction } from '@cashdesk/protocol/spec'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aDatabase, ENGINE, execute } from '../../../test/support/database.ts'
import type { Store } from '../src/index.ts'
import { aStore } from './a-store.ts'
import { anOrder, NOW } from './builders.ts'

let store: Store
let url: string
beforeAll(async () => {
  url = await aDatabase()
  store = await aStore(url)
})
afterAll(() => store.close())

test('D8: the moves that the database allows are those of the domain, no more and no fewer', async () => {
  const rows = async (table: string) => {
    if (ENGINE === 'postgres')
      return (await execute(url, `SELECT from_state, to_state FROM ${table}`)).map(
        ({ from_state, to_state }) => `${from_state} → ${to_state}`,
      )
    return sqliteMoves(table)
  }
  const pairs = (moves: Readonly<Record<string, readonly string[]>>, first: string) =>
    [`none → ${first}`, ...Object.entries(moves).flatMap(([from, tos]) => tos.map((to) => `${from} → ${to}`))].sort()
  expect((await rows('transitions')).sort()).toEqual(pairs(ORDER_MOVES, 'created'))
  expect((await rows('refund_transitions')).sort()).toEqual(pairs(REFUND_MOVES, 'requested'))
})

/** A database in memory is not open to a second connection: the rows are read from a file of the same schema. */
async function sqliteMoves(table: string): Promise<string[]> {
  const { mkdtempSync, rmSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const { join } = await import('node:path')
  const folder = mkdtempSync(join(tmpdir(), 'cashdesk-moves-'))
  try {
    const file = `sqlite:${join(folder, 'moves.db')}`
    await (await aStore(file)).close()
    return (await execute(file, `SELECT from_state, to_state FROM ${table}`)).map(
      ({ from_state, to_state }) => `${from_state} → ${to_state}`,
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const STATES: TradeState[] = ['SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR', 'ACCEPT']

/** Anything that WeChat may say of the order: right and wrong in each field on which something rests. */
const facts = fc.record({
  trade_state: fc.constantFrom(...STATES, 'NEW' as TradeState),
  transaction_id: fc.constantFrom('own', 'own', 'second', 'taken', undefined, 'x'.repeat(100), 'nul\u0000'),
  total: fc.constantFrom(100, 100, 100, 99, 1_000_000_001, 0, undefined),
  payer_total: fc.constantFrom(100, 0, -1, undefined),
  currency: fc.constantFrom('CNY', undefined, 'USD'),
  success_time: fc.constantFrom('2026-11-24T18:05:00+08:00', undefined, 'soon', '9999-12-31T00:00:00Z'),
  openid: fc.constantFrom('o', undefined, 'o\u0000', 'other'),
  sub_mchid: fc.constantFrom(undefined, undefined, undefined, '1900000009'),
})

type Told = typeof facts extends fc.Arbitrary<infer T> ? T : never

/** Payments of this order, but for the one that an earlier order has. */
function paymentOf(order: Order, which: string | undefined): string | undefined {
  return which === 'own' || which === 'second' ? `${order.out_trade_no}-${which}` : which
}

function transaction({ total, payer_total, currency, openid, sub_mchid, ...fact }: Told, order: Order): Transaction {
  const { out_trade_no } = order
  const amount = { total, payer_total, currency }
  const transaction_id = paymentOf(order, fact.transaction_id)
  const told = { ...fact, transaction_id, out_trade_no, trade_state_desc: '', amount, appid: 'wx', mchid: '1900000001', payer: { openid } }
  // What WeChat signs need not be what the type says; that is what is tried here.
  return (sub_mchid === undefined ? told : { ...told, sp_appid: 'wx', sp_mchid: '1900000001', sub_mchid }) as unknown as Transaction
}

const orderActs = fc.oneof(
  fc.constantFrom('pay', 'prepaid', 'refuse', 'give up', 'closed by WeChat', 'later' as const).map((act) => ({ act })),
  fc.record({ act: fc.constant('observe' as const), fact: facts }),
  fc.record({ act: fc.constantFrom('accept', 'reject' as const), fact: facts }),
)

type OrderAct = typeof orderActs extends fc.Arbitrary<infer T> ? T : never

/** Undefined where the domain refuses. */
function stepOf(order: Order, { act, ...rest }: OrderAct, closedBefore: boolean, now: number): Step | undefined {
  const told = 'fact' in rest ? transaction(rest.fact, order) : undefined
  switch (act) {
    case 'pay': {
      const attempt = beginPayment(order, { appid: 'wx', openid: 'o' }, () => '{}', now)
      return attempt.ok ? { order: attempt.order, events: [], incidents: [] } : undefined
    }
    case 'prepaid':
      return prepaid(order, 'wx1', now)
    case 'refuse':
      return refuse(order, 'PARAM_ERROR')
    case 'give up':
      return giveUp(order, now)
    case 'closed by WeChat':
      return closedByWechat(order)
    case 'later':
      return order.next_check_at === null ? undefined : { order: lookLater(order, now), events: [], incidents: [] }
    case 'observe':
      return told && observe(order, told, now)
    default: {
      const decided = told && decide(order, act === 'accept' ? 'accepted' : 'rejected', told, closedBefore, now)
      return decided?.ok ? decided.step : undefined
    }
  }
}

/** Walks that matter take several acts in order, so there must be many. */
const RUNS = ENGINE === 'sqlite' ? 4000 : 300
let numbers = 0

test('A11: whatever steps the domain makes of an order, the store writes them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(orderActs, { minLength: 1, maxLength: 8 }), fc.boolean(), async (acts, payerKnown) => {
      const placed = anOrder({ out_trade_no: `WALK-${++numbers}`, ...(!payerKnown && { appid: null, openid: null }) })
      await store.transaction((tx) => tx.orders.insert(placed, null, { source: 'api' }))
      let now = NOW
      for (const act of acts) {
        now += 1000
        await store.transaction(async (tx) => {
          const order = await tx.orders.lock('shop', placed.out_trade_no)
          const history = await tx.orders.history('shop', placed.out_trade_no)
          const closedBefore = history.some(({ to_state }) => to_state === 'closed')
          const step = order && stepOf(order, act, closedBefore, now)
          if (order && step) await tx.orders.record(order, step, { source: 'query' }, now)
        })
      }
    }),
    { numRuns: RUNS },
  )
  expect(await store.audit(0)).toEqual([])
})

const refundFacts = fc.record({
  status: fc.constantFrom('SUCCESS', 'CLOSED', 'PROCESSING', 'ABNORMAL', 'NEW'),
  refund_id: fc.constantFrom('50000001', '50000002', undefined, 'nul\u0000'),
  refund: fc.constantFrom(40, 40, 40, 41, undefined),
  success_time: fc.constantFrom('2026-11-24T18:05:00+08:00', undefined, 'soon'),
  user_received_account: fc.constantFrom('支付用户零钱', undefined, 'nul\u0000', 'x'.repeat(1000)),
})
const refundActs = fc.oneof(
  { weight: 5, arbitrary: refundFacts.map((fact) => ({ act: 'observe' as const, fact })) },
  { weight: 1, arbitrary: fc.constant({ act: 'reject' as const }) },
)

type RefundAct = typeof refundActs extends fc.Arbitrary<infer T> ? T : never

function refundStep(refund: Refund, act: RefundAct, now: number): RefundStep {
  if (act.act === 'reject') return rejectRefund(refund, 'PARAM_ERROR')
  const { refund: amount, ...fact } = act.fact
  const { out_trade_no, out_refund_no } = refund
  // As above: WeChat's word, not its documents'.
  const told = { ...fact, out_trade_no, out_refund_no, amount: { refund: amount } } as unknown as RefundFact
  return observeRefund(refund, told, now)
}

test('A11: whatever steps the domain makes of a refund, the store writes them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat({ max: 2 }), refundActs), { minLength: 1, maxLength: 8 }), async (acts) => {
      const number = `PAID-${++numbers}`
      const order = anOrder({ out_trade_no: number })
      const names = [1, 2, 3].map((n) => `${number}-R${n}`)
      await store.transaction(async (tx) => {
        await tx.orders.insert(order, null, { source: 'api' })
        const fact = {
          ...facts,
          trade_state: 'SUCCESS' as const,
          transaction_id: 'own' as const,
          total: 100,
          payer_total: 100,
          currency: 'CNY' as const,
        }
        const told = transaction({ ...fact, success_time: '2026-11-24T18:05:00+08:00', openid: 'o', sub_mchid: undefined } as Told, order)
        const paid = await tx.orders.record(order, observe(order, told, NOW), { source: 'query' }, NOW)
        // Three of 40 do not fit into 100: the third one is refused, or takes the place of one that ended.
        for (const out_refund_no of names) {
          const asked = requestRefund(paid, { out_refund_no, amount: 40, reason: null }, () => '{}', NOW)
          if (asked.ok) await tx.refunds.insert(asked.refund, '1900000001', { source: 'api' })
        }
      })
      for (const [which, act] of acts) {
        await store.transaction(async (tx) => {
          await tx.orders.lock('shop', number)
          const refund = await tx.refunds.lock('shop', names[which] ?? '')
          if (refund) await tx.refunds.record(refund, refundStep(refund, act, NOW + 1000), { source: 'query' }, NOW + 1000)
        })
      }
    }),
    { numRuns: RUNS },
  )
  expect(await store.audit(0)).toEqual([])
})
