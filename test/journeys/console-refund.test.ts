// D5: a refund made on WeChat's merchant platform and reported by a signed notification becomes a refund of its order: counted once, with its event.

import { repair } from '@cashdesk/server'
import { afterEach, expect, test } from 'vitest'
import { answeredByWechat } from '../support/wechat-says.ts'
import { aWorld, HOUR, type TestWorld } from '../support/world.ts'

let world: TestWorld
afterEach(async () => {
  expect(await world.world.store.audit(0)).toEqual([])
  await world.close()
})

async function aPaidOrder(options: Parameters<typeof aWorld>[0] = {}): Promise<string> {
  world = await aWorld(options)
  const order = await world.placeOrder()
  await world.aPhone({ afterCashier: () => world.emulator.deliverDue() }).cashdesk.pay(order)
  return order.out_trade_no
}

/** What WeChat signs about a refund. */
async function said(out_trade_no: string, change: Record<string, unknown> = {}): Promise<number> {
  const { transaction_id } = (await world.order(out_trade_no)) as { transaction_id?: string | null }
  const refund = change['amount'] ?? { total: 2800, refund: 800, payer_total: 2800, payer_refund: 800 }
  const resource = {
    mchid: world.emulator.settings.mchid,
    out_trade_no,
    transaction_id: transaction_id ?? '42',
    out_refund_no: 'CONSOLE-1',
    refund_id: '50300000001',
    refund_status: 'SUCCESS',
    success_time: '2026-11-24T10:05:00+08:00',
    user_received_account: '招商银行信用卡0403',
    ...change,
    amount: refund,
  }
  return (await world.wechatSays({ resource, event_type: `REFUND.${resource.refund_status}`, original_type: 'refund' })).status
}

const refundsOf = async (out_trade_no: string): Promise<unknown[]> =>
  ((await (await world.api(`/v1/orders/${out_trade_no}/refunds?merchant=shop`)).json()) as { data: unknown[] }).data
const sums = async (out_trade_no: string): Promise<unknown> => (await world.order(out_trade_no))['amount']
const incidents = async (state = 'open'): Promise<unknown[]> =>
  ((await (await world.api(`/v1/incidents?merchant=shop&state=${state}`)).json()) as { data: unknown[] }).data

test('D5: a refund reported several times is counted once, with source console, sums, ledger and event', async () => {
  const number = await aPaidOrder()
  for (let n = 0; n < 3; n++) expect(await said(number)).toBe(204)
  expect(await refundsOf(number)).toMatchObject([
    { out_refund_no: 'CONSOLE-1', source: 'console', state: 'succeeded', amount: { refund: 800 }, refund_id: '50300000001' },
  ])
  expect(await sums(number)).toMatchObject({ refund_reserved: 800, refunded: 800 })
  expect(await world.events(number)).toEqual(['order.paid', 'refund.succeeded'])
  expect(await incidents()).toEqual([])
})

test('D5: a refund may first be processing and then done; exactly the rest can still be refunded', async () => {
  const number = await aPaidOrder()
  await said(number, { refund_status: 'PROCESSING' })
  expect(await refundsOf(number)).toMatchObject([{ state: 'processing', source: 'console' }])
  expect(await sums(number)).toMatchObject({ refund_reserved: 800, refunded: 0 })
  await said(number)
  expect(await sums(number)).toMatchObject({ refund_reserved: 800, refunded: 800 })
  const path = `/v1/orders/${number}/refunds?merchant=shop`
  const ask = (out_refund_no: string, refund: number) => world.api(path, { method: 'POST', json: { out_refund_no, amount: { refund } } })
  expect((await ask('R-1', 2001)).status).toBe(409)
  expect((await ask('R-2', 2000)).status).toBe(201)
})

test('D5: refunds that end without money are reported as closed or abnormal', async () => {
  const number = await aPaidOrder()
  await said(number, { out_refund_no: 'CONSOLE-1', refund_id: '1', refund_status: 'CLOSED', success_time: undefined })
  await said(number, { out_refund_no: 'CONSOLE-2', refund_id: '2', refund_status: 'ABNORMAL', success_time: undefined })
  expect(await refundsOf(number)).toMatchObject([{ state: 'closed' }, { state: 'abnormal' }])
  expect(await sums(number)).toMatchObject({ refund_reserved: 800, refunded: 0 })
  expect(await incidents()).toMatchObject([{ kind: 'refund_abnormal', subject: 'CONSOLE-2' }])
})

test('D5: a payment that is not known yet is queried first', async () => {
  world = await aWorld()
  const phone = world.aPhone()
  const fields = await world.api('/v1/orders', {
    method: 'POST',
    json: {
      merchant: 'shop',
      out_trade_no: 'UNHEARD-2',
      description: 'x',
      amount: { total: 2800 },
      payer: { appid: world.emulator.settings.appid, openid: phone.openid },
      pay: true,
    },
  })
  const { payment } = (await fields.json()) as { payment: { package: string } & Record<string, string> }
  world.emulator.cashier({ ...payment, appId: world.emulator.settings.appid, openid: phone.openid, action: 'pay' } as never)
  // The bank has the payment; neither phone nor notification has reported it.
  expect((await world.order('UNHEARD-2')).state).toBe('pending')
  expect(await said('UNHEARD-2', { transaction_id: undefined })).toBe(204)
  expect((await world.order('UNHEARD-2')).state).toBe('paid')
  expect(await refundsOf('UNHEARD-2')).toMatchObject([{ state: 'succeeded', source: 'console' }])
})

test.each([
  ['no amount', { amount: {} }],
  ['nothing', { amount: { refund: 0 } }],
  ['a fraction', { amount: { refund: 0.5 } }],
  ['another payment', { transaction_id: '4200000000000000000000000000' }],
])('D5: a refund that says %s opens one incident', async (_, change) => {
  const number = await aPaidOrder()
  for (let n = 0; n < 2; n++) expect(await said(number, change)).toBe(204)
  expect(await refundsOf(number)).toEqual([])
  expect(await sums(number)).toMatchObject({ refund_reserved: 0, refunded: 0 })
  expect(await incidents()).toMatchObject([{ kind: 'orphan_refund', state: 'open' }])
})

test('D5: a refund that exceeds the rest because ours holds it is an incident; repair counts it when ours has ended', async () => {
  const number = await aPaidOrder({
    async network(request, wechat) {
      const console = request.method === 'GET' && request.url.includes('/refunds/CONSOLE-1')
      if (request.method === 'POST' && request.url.endsWith('/refunds')) return Promise.reject(new TypeError('away'))
      if (!console) return wechat(request)
      return answeredByWechat(world.emulator.keys, world.clock.now(), { status: 200, body: await consoleRefund() })
    },
  })
  const consoleRefund = async (): Promise<object> => ({
    out_trade_no: number,
    out_refund_no: 'CONSOLE-1',
    refund_id: '50300000001',
    transaction_id: (await world.order(number))['transaction_id'],
    status: 'SUCCESS',
    success_time: '2026-11-24T10:05:00+08:00',
    amount: { refund: 800, total: 2800 },
  })
  await world.api(`/v1/orders/${number}/refunds?merchant=shop`, {
    method: 'POST',
    json: { out_refund_no: 'R-1', amount: { refund: 2500 } },
  })
  expect(await said(number)).toBe(204)
  expect(await incidents()).toMatchObject([{ kind: 'refund_conflict', subject: 'CONSOLE-1', detail: { total: '2800', held: '2500' } }])
  expect(await sums(number)).toMatchObject({ refund_reserved: 2500, refunded: 0 })

  // WeChat refuses our refund, because the money is gone.
  await world.world.store.transaction(async (tx) => {
    const refund = await tx.refunds.lock('shop', 'R-1')
    const end = { state: 'rejected', failure: 'INVALID_REQUEST', next_check_at: null } as const
    if (refund)
      await tx.refunds.record(
        refund,
        { refund: { ...refund, ...end }, events: ['refund.rejected'], incidents: [] },
        { source: 'api' },
        world.clock.now(),
      )
  })
  await world.clock.advance(HOUR)
  await repair(world.world, { per_second: 1e9, report: () => {} })
  expect(await sums(number)).toMatchObject({ refund_reserved: 800, refunded: 800 })
  expect(await incidents()).toEqual([])
  expect(await incidents('resolved')).toMatchObject([{ kind: 'refund_conflict', resolved_by: 'server' }])
})

test('D5: a request under the number of a console refund is not sent to WeChat', async () => {
  const number = await aPaidOrder()
  await said(number, { refund_status: 'A_NEW_WORD' })
  expect(await refundsOf(number)).toMatchObject([{ state: 'requested', source: 'console' }])
  const before = world.emulator.requests().length
  const json = { out_refund_no: 'CONSOLE-1', amount: { refund: 800 } }
  expect((await world.api(`/v1/orders/${number}/refunds?merchant=shop`, { method: 'POST', json })).status).toBe(200)
  expect(world.emulator.requests().slice(before)).toEqual([])
  await world.clock.advance(HOUR)
  await world.settle()
  expect(
    world.emulator
      .requests()
      .slice(before)
      .map(({ method }) => method),
  ).not.toContain('POST')
})

test('D5: a refund of the merchant platform in an unknown state is queried, and never requested by us', async () => {
  const posted: string[] = []
  const number = await aPaidOrder({
    network(request, wechat) {
      if (request.method === 'POST' && request.url.includes('/refund/')) posted.push(request.url)
      return wechat(request)
    },
  })
  // This version does not know the state, so the refund waits; and WeChat answers that it has no such refund.
  expect(await said(number, { refund_status: 'BRAND_NEW' })).toBe(204)
  for (let hour = 0; hour < 6; hour++) {
    await world.clock.advance(HOUR)
    await world.settle()
  }
  expect(posted).toEqual([])
  expect(world.logs.filter(({ event }) => event === 'refund.not_taken')).toEqual([])
})
