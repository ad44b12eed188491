// A11: whatever WeChat signs is stored once, or opens an incident once, and is answered 204, on both engines; the audit still runs.

import { privateKey, signAnswer } from '@cashdesk/protocol'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aWorld, type TestWorld } from '../support/world.ts'

let world: TestWorld
beforeEach(async () => {
  world = await aWorld()
})
afterEach(() => world.close())

/** An order that is being paid, and WeChat's full transaction for it. */
async function beingPaid(out_trade_no: string) {
  const order = await world.placeOrder({ out_trade_no })
  const phone = world.aPhone({ action: 'cancel' })
  await phone.cashdesk.pay(order)
  const { appid, mchid } = world.emulator.settings
  const transaction = {
    mchid,
    appid,
    out_trade_no,
    transaction_id: `4200${out_trade_no.replace(/\D/g, '').padStart(24, '0')}`,
    trade_type: 'JSAPI',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    bank_type: 'OTHERS',
    attach: '',
    success_time: '2026-11-24T10:00:00+08:00',
    payer: { openid: phone.openid },
    amount: { total: 2800, payer_total: 2800, currency: 'CNY', payer_currency: 'CNY' },
  }
  return { order, transaction }
}
const stateOf = async (out_trade_no: string): Promise<string> => (await world.order(out_trade_no)).state
const incidents = async (): Promise<Record<string, number>> => {
  const { incidents: open } = await world.world.store.vitals(world.clock.now())
  return Object.fromEntries(open.map(({ kind, count }) => [kind, count]))
}
const history = (out_trade_no: string) => world.world.store.transaction((tx) => tx.orders.history('shop', out_trade_no))

describe('A11: a signed payment', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['an unknown trade_state', { trade_state: 'SETTLING' }, 'pending'],
    ['a trade_state that is a number', { trade_state: 7 }, 'pending'],
    ['no trade_state', { trade_state: undefined }, 'pending'],
    ['NOTPAY although the event says success', { trade_state: 'NOTPAY' }, 'pending'],
    ['no transaction_id', { transaction_id: undefined }, 'pending'],
    ['NUL in transaction_id', { transaction_id: '42\u0000' }, 'review'],
    ['no amount', { amount: undefined }, 'pending'],
    ['amount null', { amount: null }, 'pending'],
    ['amounts as text', { amount: { total: '2800', payer_total: '2800' } }, 'pending'],
    ['a payer_total that is text', { amount: { total: 2800, payer_total: 'abc' } }, 'paid'],
    ['a payer_total below zero', { amount: { total: 2800, payer_total: -1 } }, 'paid'],
    ['an amount with a fraction', { amount: { total: 2800.5 } }, 'pending'],
    ['another amount', { amount: { total: 1 } }, 'review'],
    ['no payer', { payer: undefined }, 'paid'],
    ['payer null', { payer: null }, 'paid'],
    ['a payer that is text', { payer: 'o-abc' }, 'paid'],
    ['an unknown currency', { amount: { total: 2800, currency: 'XXX' } }, 'review'],
    ['fields that nobody documents', { new_field: { deep: [1, 2, { x: '\u0000\ud800' }] } }, 'paid'],
    ['a mchid that is no number', { mchid: '商户' }, 'pending'],
    ['a mchid that is not text', { mchid: 1900000001 }, 'pending'],
    ['an appid of another program', { appid: 'wx0000000000000000' }, 'review'],
    ['no appid', { appid: undefined }, 'review'],
  ])('with %s is answered 204 and stored once', async (_, change, state) => {
    const { transaction } = await beingPaid('ODD-000001')
    const resource = { ...transaction, ...change }
    const envelope = { id: 'EV-ODD-1' }
    expect((await world.wechatSays({ resource, envelope })).status).toBe(204)
    expect(await stateOf('ODD-000001')).toBe(state)
    const open = await incidents()
    expect(Object.values(open)).toEqual(state === 'paid' ? [] : [1])
    expect((await world.wechatSays({ resource, envelope })).status).toBe(204)
    expect([await stateOf('ODD-000001'), await incidents()]).toEqual([state, open])
    expect(await world.world.store.transaction((tx) => tx.notifications.count('shop'))).toBe(1)
  })

  test('that cannot be read makes the schedule query its order sooner, and the order ends paid', async () => {
    const { order, transaction } = await beingPaid('ODD-000002')
    // The phone stops before it reads the cashier's answer, so nobody asks the server.
    void world.aPhone({ afterCashier: () => new Promise(() => {}) }).cashdesk.pay(order)
    await expect.poll(() => world.emulator.truth().ledger.length).toBe(1)
    expect(await world.settle()).toBe(0)
    expect((await world.wechatSays({ resource: { ...transaction, trade_state: 'SETTLING' } })).status).toBe(204)
    expect(await world.settle()).toBe(1)
    expect(await stateOf('ODD-000002')).toBe('paid')
  })

  test.each([
    ['2026-11-24T10:00:00+08:00', '2026-11-24T02:00:00.000Z'],
    ['2026-11-24T02:00:00Z', '2026-11-24T02:00:00.000Z'],
    ['2026-11-24T10:00:00', '2026-11-24T02:00:00.000Z'],
    ['2026-11-24 10:00:00', '2026-11-24T02:00:00.000Z'],
    ['2026-11-24T10:00:00.123+08:00', '2026-11-24T02:00:00.000Z'],
    ['20261124100000', '2026-11-24T02:00:00.000Z'],
  ])('at %s is paid at %s: without a zone the time is Beijing’s', async (success_time, paid_at) => {
    const { transaction } = await beingPaid('ODD-000003')
    await world.clock.advance(5000)
    expect((await world.wechatSays({ resource: { ...transaction, success_time } })).status).toBe(204)
    expect(await world.order('ODD-000003')).toMatchObject({ state: 'paid', paid_at })
    expect((await history('ODD-000003')).at(-1)?.detail).toBeNull()
  })

  test.each([
    undefined,
    null,
    42,
    '',
    'yesterday',
    '2026-13-40T10:00:00+08:00',
    '2026-02-30T10:00:00+08:00',
    '0001-01-01T00:00:00Z',
    '\u0000',
    {},
  ])('at the unreadable time %j is paid at the time of receipt, and the history says so', async (success_time) => {
    const { transaction } = await beingPaid('ODD-000004')
    await world.clock.advance(5000)
    expect((await world.wechatSays({ resource: { ...transaction, success_time } })).status).toBe(204)
    expect(await world.order('ODD-000004')).toMatchObject({ state: 'paid', paid_at: '2026-11-24T02:00:05.000Z' })
    expect((await history('ODD-000004')).at(-1)?.detail).toContain('time of receipt')
  })

  test.each<[string, Record<string, unknown>]>([
    ['without create_time, summary and resource_type', { create_time: undefined, summary: undefined, resource_type: undefined }],
    ['with an id that holds NUL', { id: 'a\u0000b' }],
    ['with an id of a thousand characters', { id: 'x'.repeat(1000) }],
    ['without an id', { id: undefined }],
    ['with texts that are numbers', { summary: 7, create_time: 0 }],
  ])('in an envelope %s counts once', async (_, envelope) => {
    const { transaction } = await beingPaid('ODD-000005')
    expect((await world.wechatSays({ resource: transaction, envelope })).status).toBe(204)
    expect(await stateOf('ODD-000005')).toBe('paid')
  })

  test('that another order also claims goes to review, so that one payment makes one order paid', async () => {
    const first = await beingPaid('ODD-000006')
    const second = await beingPaid('ODD-000007')
    const { transaction_id } = first.transaction
    expect((await world.wechatSays({ resource: first.transaction })).status).toBe(204)
    expect((await world.wechatSays({ resource: { ...second.transaction, transaction_id } })).status).toBe(204)
    expect([await stateOf('ODD-000006'), await stateOf('ODD-000007')]).toEqual(['paid', 'review'])
    expect(await incidents()).toEqual({ payment_mismatch: 1 })
  })

  test.each(['NUL-\u0000-0001', '\ud800-000001', 'x'.repeat(500), '短', '', 42, null])(
    'for the unknown number %j is an incident',
    async (out_trade_no) => {
      const { transaction } = await beingPaid('ODD-000008')
      expect((await world.wechatSays({ resource: { ...transaction, out_trade_no } })).status).toBe(204)
      expect(Object.values(await incidents())).toEqual([1])
    },
  )
})

/** A refund in progress, and WeChat's full refund object for it. */
async function beingRefunded() {
  const { order } = await beingPaid('REF-000001')
  await world.aPhone({ afterCashier: () => world.emulator.deliverDue() }).cashdesk.pay(order)
  const json = { out_refund_no: 'R-1', amount: { refund: 100 } }
  const refund = (await (await world.api('/v1/orders/REF-000001/refunds?merchant=shop', { method: 'POST', json })).json()) as {
    refund_id: string
  }
  const paid = await world.order('REF-000001')
  const notice = {
    mchid: world.emulator.settings.mchid,
    out_trade_no: 'REF-000001',
    transaction_id: paid['transaction_id'],
    out_refund_no: 'R-1',
    refund_id: refund.refund_id,
    refund_status: 'SUCCESS',
    success_time: '2026-11-24T10:00:00+08:00',
    user_received_account: '支付用户零钱',
    amount: { total: 2800, refund: 100, payer_total: 2800, payer_refund: 100 },
  }
  return notice
}
const REFUND = { event_type: 'REFUND.SUCCESS', original_type: 'refund' }

describe('A11: a signed refund', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['no amount', { amount: undefined }, 'processing'],
    ['amounts as text', { amount: { total: '2800', refund: '100' } }, 'processing'],
    ['an unknown refund_status', { refund_status: 'SPLIT' }, 'processing'],
    ['no refund_status', { refund_status: undefined }, 'processing'],
    ['another refund_id', { refund_id: '50000000000000000000000000001' }, 'processing'],
    ['no refund_id', { refund_id: undefined }, 'processing'],
    ['NUL in the account', { user_received_account: '零钱\u0000' }, 'succeeded'],
    ['an account that is a number', { user_received_account: 1 }, 'succeeded'],
    ['no success_time', { success_time: undefined }, 'succeeded'],
    ['an unreadable success_time', { success_time: 'soon' }, 'succeeded'],
    ['another order’s number', { out_trade_no: 'REF-999999' }, 'processing'],
  ])('with %s is answered 204 and stored once', async (_, change, state) => {
    const notice = await beingRefunded()
    const before = await incidents()
    const said = { ...REFUND, resource: { ...notice, ...change }, envelope: { id: 'EV-R-1' } }
    expect((await world.wechatSays(said)).status).toBe(204)
    const refund = (await (await world.api('/v1/refunds/R-1?merchant=shop')).json()) as { state: string }
    expect(refund.state).toBe(state)
    const open = await incidents()
    expect(Object.keys(open).length - Object.keys(before).length).toBe(state === 'succeeded' ? 0 : 1)
    expect((await world.wechatSays(said)).status).toBe(204)
    expect(await incidents()).toEqual(open)
  })
})

/** Any JSON in place of a documented value. */
const odd = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    '',
    0,
    -1,
    1.5,
    Number.MAX_SAFE_INTEGER,
    1e300,
    true,
    [],
    {},
    '\u0000',
    '\ud800',
    'x'.repeat(3000),
    '2026-11-24T10:00:00',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 2 }),
)

/** The same object with some fields, at the first or second level, removed or replaced. */
function spoilt(whole: Record<string, unknown>): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(whole).map(([name, value]) => {
    const inner = typeof value === 'object' && value !== null ? spoilt(value as Record<string, unknown>) : fc.constant(value)
    return fc.oneof({ weight: 8, arbitrary: inner }, { weight: 1, arbitrary: odd }).map((chosen) => [name, chosen] as const)
  })
  return fc.tuple(...fields).map((entries) => Object.fromEntries(entries.filter(([, value]) => value !== undefined)))
}

test('A11: any transaction and refund that WeChat signs, with any field missing or odd, is answered 204, and the audit stays clean', async () => {
  const { transaction } = await beingPaid('ANY-000001')
  const notice = await beingRefunded()
  const whole = fc.oneof(
    spoilt(transaction).map((resource) => ({ resource, event_type: 'TRANSACTION.SUCCESS', original_type: 'transaction' })),
    spoilt(notice).map((resource) => ({ resource, ...REFUND })),
  )
  let n = 0
  await fc.assert(
    fc.asyncProperty(whole, odd, async (said, extra) => {
      // Half of them are about an order that is still unpaid.
      const out_trade_no = `ANY-1${String(++n).padStart(5, '0')}`
      const fresh = n % 2 === 0 && said.original_type === 'transaction'
      if (fresh) await beingPaid(out_trade_no)
      const resource = { ...said.resource, extra, ...(fresh && { out_trade_no }) }
      const answer = await world.wechatSays({ ...said, resource, envelope: { summary: extra } })
      expect([answer.status, JSON.stringify(resource)]).toEqual([204, JSON.stringify(resource)])
    }),
    { numRuns: 150 },
  )
  expect(await world.world.store.audit(0)).toEqual([])
})

test('A11: a signed query answer that is not a transaction opens one incident; the order stays open and is queried again', async () => {
  await world.close()
  let odd = true
  world = await aWorld({
    notified: async () => new Response(null, { status: 500 }),
    async network(request, wechat) {
      const answer = await wechat(request)
      if (!odd || request.method !== 'GET' || !request.url.includes('/out-trade-no/')) return answer
      const { direct } = world.emulator.keys
      const body = '{"trade_state":"SUCCESS"}'
      const key = { serial: direct.public_key_id, privateKey: privateKey(direct.public_key_private) }
      return new Response(body, {
        headers: { ...(await signAnswer(key, body, world.clock.now(), 'n')), 'content-type': 'application/json' },
      })
    },
  })
  const { order } = await beingPaid('QUERY-00001')
  await world.aPhone().cashdesk.pay(order)
  for (let n = 0; n < 3; n++) {
    await world.clock.advance(60_000)
    await world.settle()
  }
  expect([await stateOf('QUERY-00001'), await incidents()]).toEqual(['pending', { fact_unreadable: 1 }])
  odd = false
  await world.clock.advance(30 * 60_000)
  await world.settle()
  expect(await stateOf('QUERY-00001')).toBe('paid')
})
