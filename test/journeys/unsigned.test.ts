// An unsigned answer proves nothing, and a refusal because of our key or our rate is not a verdict on an order or refund.

import type { Config } from '@cashdesk/server'
import { afterEach, describe, expect, test } from 'vitest'
import { answeredByWechat } from '../support/wechat-says.ts'
import { aWorld, MINUTE, type TestWorld } from '../support/world.ts'

let world: TestWorld
afterEach(() => world.close())

const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
/** Pages as a firewall or a gateway in front of WeChat sends them. */
const html = (status: number): Response =>
  new Response('<html><body>Blocked by the firewall</body></html>', { status, headers: { 'content-type': 'text/html' } })

/** An answer signed by WeChat. */
function signed(status: number, code: string): Promise<Response> {
  return answeredByWechat(world.emulator.keys, world.clock.now(), { status, body: { code, message: 'x' } })
}

/** While `on` is true some calls to WeChat are answered by something else. */
async function behind(answer: (request: Request) => Response | Promise<Response> | undefined): Promise<{ on: boolean }> {
  const state = { on: true }
  world = await aWorld({
    notified: async () => new Response(null, { status: 500 }),
    network: async (request, wechat) => (state.on ? await answer(request) : undefined) ?? wechat(request),
  })
  return state
}
const stateOf = async (no: string): Promise<string> => (await world.order(no)).state
const isPlace = (request: Request): boolean => request.method === 'POST' && request.url.endsWith('/jsapi')
const isQuery = (request: Request): boolean => request.method === 'GET' && request.url.includes('/out-trade-no/')

describe('an order that is being placed at WeChat', () => {
  test.each<[string, () => Response | Promise<Response>]>([
    ['401 SIGN_ERROR', () => json(401, { code: 'SIGN_ERROR', message: '签名错误' })],
    ['403 NO_AUTH', () => json(403, { code: 'NO_AUTH', message: '商户无权限' })],
    ['429 FREQUENCY_LIMITED', () => json(429, { code: 'FREQUENCY_LIMITED', message: '频率超限' })],
    ['403 as a page', () => html(403)],
    ['404 as a page', () => html(404)],
    ['200 as a page', () => html(200)],
    ['an empty 200', () => new Response(null, { status: 200 })],
    ['an unsigned prepay_id', () => json(200, { prepay_id: 'wx-forged' })],
    ['502 as a page', () => html(502)],
    ['a signed 401 SIGN_ERROR', () => signed(401, 'SIGN_ERROR')],
    ['a signed 403 NO_AUTH', () => signed(403, 'NO_AUTH')],
    ['a signed 429 FREQUENCY_LIMITED', () => signed(429, 'FREQUENCY_LIMITED')],
  ])('is not ended by %s, and is paid once that is over', async (_, answer) => {
    const state = await behind((request) => (isPlace(request) ? answer() : undefined))
    const order = await world.placeOrder({ out_trade_no: 'WAF-000001' })
    await world
      .aPhone()
      .cashdesk.pay(order)
      .catch(() => undefined)
    expect(await stateOf('WAF-000001')).toBe('ordering')
    state.on = false
    await world.aPhone().cashdesk.pay(order)
    await world.clock.advance(MINUTE)
    await world.settle()
    expect(await stateOf('WAF-000001')).toBe('paid')
    expect(await world.events('WAF-000001')).toEqual(['order.paid'])
  })

  test('is ended by a signed 400', async () => {
    await behind((request) => (isPlace(request) ? signed(400, 'PARAM_ERROR') : undefined))
    const order = await world.placeOrder({ out_trade_no: 'SIGNED-003' })
    await world.aPhone().cashdesk.pay(order)
    expect(await stateOf('SIGNED-003')).toBe('failed')
  })

  test.each<[string, () => Response]>([
    ['an unsigned ORDER_NOT_EXIST', () => json(404, { code: 'ORDER_NOT_EXIST', message: '订单不存在' })],
    ['a page of 404', () => html(404)],
    ['a page of 200', () => html(200)],
    ['an unsigned CLOSED', () => json(200, { out_trade_no: 'WAF-000002', trade_state: 'CLOSED', trade_state_desc: '' })],
  ])('and has been paid is not closed by %s at its expiry', async (_, answer) => {
    const state = await behind((request) => (isQuery(request) ? answer() : undefined))
    const order = await world.placeOrder({ out_trade_no: 'WAF-000002' })
    await world.aPhone().cashdesk.pay(order)
    expect(world.emulator.truth().ledger).toHaveLength(1)
    for (let hours = 0; hours < 3; hours++) {
      await world.clock.advance(60 * MINUTE)
      await world.settle()
    }
    // The order is not even given up: while nothing is known, no close begins.
    expect(await stateOf('WAF-000002')).toBe('pending')
    state.on = false
    await world.clock.advance(60 * MINUTE)
    await world.settle()
    expect(await stateOf('WAF-000002')).toBe('paid')
  })
})

describe('a refund that is being requested at WeChat', () => {
  const isRefund = (request: Request): boolean => request.method === 'POST' && request.url.endsWith('/v3/refund/domestic/refunds')
  const isRefundQuery = (request: Request): boolean => request.method === 'GET' && request.url.includes('/v3/refund/domestic/refunds/')

  test.each<[string, () => Response, () => Response]>([
    [
      '401 SIGN_ERROR',
      () => json(401, { code: 'SIGN_ERROR', message: 'x' }),
      () => json(404, { code: 'RESOURCE_NOT_EXISTS', message: 'x' }),
    ],
    ['403 NO_AUTH', () => json(403, { code: 'NO_AUTH', message: 'x' }), () => html(404)],
    [
      '400 PARAM_ERROR, unsigned',
      () => json(400, { code: 'PARAM_ERROR', message: 'x' }),
      () => json(404, { code: 'RESOURCE_NOT_EXISTS', message: 'x' }),
    ],
    ['pages', () => html(403), () => html(404)],
  ])('is not ended by %s, and is done once that is over', async (_, refused, unknown) => {
    const state = await behind((request) => (isRefund(request) ? refused() : isRefundQuery(request) ? unknown() : undefined))
    const order = await world.placeOrder({ out_trade_no: 'WAF-000003' })
    await world.aPhone().cashdesk.pay(order)
    await world.clock.advance(MINUTE)
    await world.settle()
    const body = { out_refund_no: 'WAF-R1', amount: { refund: 100 } }
    expect((await world.api('/v1/orders/WAF-000003/refunds?merchant=shop', { method: 'POST', json: body })).status).toBe(201)
    const refund = async () => (await (await world.api('/v1/refunds/WAF-R1?merchant=shop')).json()) as { state: string }
    await world.clock.advance(10 * MINUTE)
    await world.settle()
    expect((await refund()).state).toBe('requested')
    state.on = false
    for (let tries = 0; tries < 4; tries++) {
      await world.clock.advance(3 * 60 * MINUTE)
      await world.settle()
    }
    expect((await refund()).state).toBe('succeeded')
  })

  test.each<[string, number, string, () => Response | Promise<Response>]>([
    ['a signed SIGN_ERROR: that concerns our key', 401, 'SIGN_ERROR', () => signed(404, 'RESOURCE_NOT_EXISTS')],
    ['a signed NO_AUTH: that concerns our contract', 403, 'NO_AUTH', () => signed(404, 'RESOURCE_NOT_EXISTS')],
    [
      'a signed no, while whether there is such a refund is unsigned',
      400,
      'PARAM_ERROR',
      () => json(404, { code: 'RESOURCE_NOT_EXISTS', message: 'x' }),
    ],
  ])('is not ended by %s', async (_, status, code, query) => {
    const state = await behind((request) => (isRefund(request) ? signed(status, code) : isRefundQuery(request) ? query() : undefined))
    const order = await world.placeOrder({ out_trade_no: 'SIGNED-001' })
    await world.aPhone().cashdesk.pay(order)
    await world.clock.advance(MINUTE)
    await world.settle()
    const body = { out_refund_no: 'SIGNED-R1', amount: { refund: 100 } }
    const answer = await world.api('/v1/orders/SIGNED-001/refunds?merchant=shop', { method: 'POST', json: body })
    expect(((await answer.json()) as { state: string }).state).toBe('requested')
    state.on = false
  })

  test('is ended by a signed refusal, once a signed query says that there is no such refund', async () => {
    const state = await behind((request) =>
      isRefund(request) ? signed(400, 'PARAM_ERROR') : isRefundQuery(request) ? signed(404, 'RESOURCE_NOT_EXISTS') : undefined,
    )
    const order = await world.placeOrder({ out_trade_no: 'SIGNED-002' })
    await world.aPhone().cashdesk.pay(order)
    await world.clock.advance(MINUTE)
    await world.settle()
    const body = { out_refund_no: 'SIGNED-R2', amount: { refund: 100 } }
    const answer = await world.api('/v1/orders/SIGNED-002/refunds?merchant=shop', { method: 'POST', json: body })
    expect(((await answer.json()) as { state: string }).state).toBe('rejected')
    state.on = false
  })

  test('is not ended by an emulated SIGN_ERROR', async () => {
    world = await aWorld()
    const order = await world.placeOrder({ out_trade_no: 'KEY-000001' })
    await world.aPhone({ afterCashier: () => world.emulator.deliverDue() }).cashdesk.pay(order)
    world.emulator.faults.add({ fault: 'request.refused', code: 'SIGN_ERROR', match: { path: '/v3/refund' } })
    const body = { out_refund_no: 'KEY-R1', amount: { refund: 100 } }
    const answer = await world.api('/v1/orders/KEY-000001/refunds?merchant=shop', { method: 'POST', json: body })
    expect(((await answer.json()) as { state: string }).state).toBe('requested')
  })
})

test('A1: a refund requested while no certificate can be downloaded is requested again later, and done', async () => {
  let away = false
  let config: Config | undefined
  world = await aWorld({
    trust: 'platform certificates',
    configure: (given) => {
      config = given
      return given
    },
    network: async (request, wechat) => (away && request.url.includes('/v3/certificates') ? html(403) : wechat(request)),
  })
  const order = await world.placeOrder({ out_trade_no: 'CERT-00001' })
  await world.aPhone({ afterCashier: () => world.emulator.deliverDue() }).cashdesk.pay(order)
  away = true
  // A new client, as after a restart: no certificate is known any more.
  if (config) world.world.reconfigure(config)
  const body = { out_refund_no: 'CERT-R1', amount: { refund: 100 } }
  const asked = await world.api('/v1/orders/CERT-00001/refunds?merchant=shop', { method: 'POST', json: body })
  expect([asked.status, ((await asked.json()) as { state: string }).state]).toEqual([201, 'requested'])
  away = false
  for (let tries = 0; tries < 4; tries++) {
    await world.clock.advance(3 * 60 * MINUTE)
    await world.settle()
  }
  expect(((await (await world.api('/v1/refunds/CERT-R1?merchant=shop')).json()) as { state: string }).state).toBe('succeeded')
})
