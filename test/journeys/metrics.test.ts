// GET /metrics: each number changes when its event happens, and no label identifies anybody.

import { type Config, createApp } from '@cashdesk/server'
import { afterEach, describe, expect, test } from 'vitest'
import { aWorld, HOUR, MINUTE, type TestWorld, type WorldOptions } from '../support/world.ts'

const ADMIN = 'cd_test_admin_0123456789abcdef012345'
let world: TestWorld
let configured: Config
const theWorld = async (options: WorldOptions = {}): Promise<TestWorld> => {
  world = await aWorld({
    ...options,
    configure(config) {
      configured = { ...config, api_keys: [...config.api_keys, { key: ADMIN, merchants: ['shop'], scopes: ['metrics'] }] }
      return configured
    },
  })
  return world
}
afterEach(() => world.close())

/** The samples of the page. The page is cached for five seconds, so time is advanced first. */
async function metrics(): Promise<Map<string, number>> {
  await world.clock.advance(5001)
  const answer = await world.fetch('/metrics', { headers: { authorization: `Bearer ${ADMIN}` } })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')])
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]))
}

const pay = async (change = {}): Promise<string> => {
  const order = await world.placeOrder(change)
  expect(await world.aPhone().cashdesk.pay(order)).toMatchObject({ status: 'paid' })
  return order.out_trade_no
}
const refund = (out_trade_no: string, amount: number) =>
  world.api(`/v1/orders/${out_trade_no}/refunds?merchant=shop`, {
    method: 'POST',
    json: { out_refund_no: `R-${out_trade_no}`, amount: { refund: amount } },
  })

test('a payment found by its notification is counted', async () => {
  await theWorld({ notified: (request, server) => server(request) })
  const order = await world.placeOrder()
  void world.aPhone({ afterCashier: () => new Promise(() => {}) }).cashdesk.pay(order)
  await expect.poll(() => world.emulator.truth().ledger.length).toBe(1)
  await world.clock.advance(1000)
  const now = await metrics()
  expect(now.get('wxpay_orders_total{state="created"}')).toBe(1)
  expect(now.get('wxpay_orders_total{state="ordering"}')).toBe(1)
  expect(now.get('wxpay_orders_total{state="pending"}')).toBe(1)
  expect(now.get('wxpay_orders_total{state="paid"}')).toBe(1)
  expect(now.get('wxpay_payment_detect_seconds_count{via="notify"}')).toBe(1)
  expect(now.get('wxpay_notifications_total{result="ok"}')).toBe(1)
  expect(now.get('wxpay_api_requests_total{op="place",outcome="ok"}')).toBe(1)
  expect(now.get('wxpay_api_requests_total{op="login",outcome="ok"}')).toBe(1)
  expect(now.get('wxpay_unknown_outcomes_open')).toBe(0)
  expect(now.get('wxpay_database_up')).toBe(1)
  const created = 'http_request_method="POST",http_route="/v1/orders",http_response_status_code="201"'
  expect(now.get(`http_server_request_duration_seconds_count{${created}}`)).toBe(1)
  const paid = 'http_request_method="POST",http_route="/client/v1/orders/{out_trade_no}/pay",http_response_status_code="200"'
  expect(now.get(`http_server_request_duration_seconds_count{${paid}}`)).toBe(1)
})

test('a payment found by a query, because its notification was lost, is counted', async () => {
  await theWorld()
  world.emulator.faults.add({ fault: 'notification.lost', times: 99 })
  const order = await world.placeOrder()
  void world.aPhone({ afterCashier: () => new Promise(() => {}) }).cashdesk.pay(order)
  await expect.poll(() => world.emulator.truth().ledger.length).toBe(1)
  await world.clock.advance(MINUTE)
  await world.settle()
  const now = await metrics()
  expect(now.get('wxpay_payment_detect_seconds_count{via="query"}')).toBe(1)
  expect(now.get('wxpay_payment_detect_seconds_sum{via="query"}')).toBeGreaterThanOrEqual(59)
  expect(now.get('wxpay_payment_detect_seconds_bucket{le="30",via="query"}')).toBe(0)
})

test.each([
  ['notification.doubled', 'duplicate'],
  ['notification.bad_signature', 'bad_signature'],
  ['notification.wrong_serial', 'unknown_serial'],
  ['notification.stale', 'late'],
  ['notification.probe', 'probe'],
  ['notification.altered', 'not_opened'],
] as const)('%s is counted as %s', async (fault, result) => {
  await theWorld()
  world.emulator.faults.add({ fault })
  await pay()
  await world.clock.advance(MINUTE)
  expect((await metrics()).get(`wxpay_notifications_total{result="${result}"}`)).toBe(1)
})

test('an unknown outcome is counted as open until it is known', async () => {
  let away = true
  await theWorld({ network: (request, wechat) => (away ? Promise.reject(new TypeError('network')) : wechat(request)) })
  const { appid, users } = world.emulator.settings
  const { out_trade_no } = await world.placeOrder({ payer: { appid, openid: users[0]?.openid } })
  const ask = () => world.api(`/v1/orders/${out_trade_no}/pay?merchant=shop`, { method: 'POST', json: {} })
  expect((await ask()).status).toBe(503)
  await world.clock.advance(MINUTE)
  const open = await metrics()
  expect(open.get('wxpay_unknown_outcomes_open')).toBe(1)
  expect(open.get('wxpay_order_state_age_seconds{state="ordering"}')).toBeGreaterThanOrEqual(MINUTE / 1000)
  expect(open.get('wxpay_api_requests_total{op="place",outcome="unknown"}')).toBe(1)
  expect(open.get('wxpay_jobs_ready{queue="orders"}')).toBe(1)
  expect(open.get('wxpay_job_lateness_seconds{queue="orders"}')).toBeGreaterThan(40)
  away = false
  expect((await ask()).status).toBe(200)
  const known = await metrics()
  expect(known.get('wxpay_unknown_outcomes_open')).toBe(0)
  expect(known.has('wxpay_order_state_age_seconds{state="ordering"}')).toBe(false)
  expect(known.get('wxpay_jobs_ready{queue="orders"}')).toBe(0)
})

test('the amount of a refund counts as open until the refund is done', async () => {
  await theWorld()
  const out_trade_no = await pay()
  world.emulator.faults.add({ fault: 'notification.lost', times: 99 })
  expect((await refund(out_trade_no, 700)).status).toBe(201)
  const open = await metrics()
  expect(open.get('wxpay_refunds_total{state="requested"}')).toBe(1)
  expect(open.get('wxpay_refunds_total{state="processing"}')).toBe(1)
  expect(open.get('wxpay_refund_open_amount_fen')).toBe(700)
  expect(open.get('wxpay_refund_state_age_seconds{state="processing"}')).toBeGreaterThan(0)
  await world.clock.advance(HOUR)
  await world.settle()
  const done = await metrics()
  expect(done.get('wxpay_refunds_total{state="succeeded"}')).toBe(1)
  expect(done.get('wxpay_refund_open_amount_fen')).toBe(0)
})

test('events have a lag while they do not arrive, and are then counted as given up', async () => {
  let up = false
  await theWorld({ deliver: async () => new Response(null, { status: up ? 204 : 500 }) })
  const endpoint = { method: 'POST', json: { url: 'https://shop.example.com/hook' } }
  expect((await world.api('/v1/webhook_endpoints?merchant=shop', endpoint)).status).toBe(201)
  await pay()
  await world.deliver()
  await world.clock.advance(20 * MINUTE)
  const late = await metrics()
  expect(late.get('wxpay_webhook_deliveries_total{result="failed"}')).toBe(1)
  expect(late.get('wxpay_webhook_lag_seconds')).toBeGreaterThan(1200)
  for (let hours = 0; hours < 84; hours++) {
    await world.deliver()
    await world.clock.advance(HOUR)
  }
  const given = await metrics()
  expect(given.get('wxpay_webhook_exhausted')).toBe(1)
  expect(given.get('wxpay_webhook_deliveries_total{result="exhausted"}')).toBe(1)
  expect(given.get('wxpay_webhook_lag_seconds')).toBe(0)
  up = true
  await pay()
  await world.deliver()
  expect((await metrics()).get('wxpay_webhook_deliveries_total{result="succeeded"}')).toBe(1)
})

test('open incidents, dead jobs and certificate expiry are exported', async () => {
  await theWorld()
  const shared = { reference: 'CART-1' }
  const first = await world.placeOrder(shared)
  await world.world.store.transaction((tx) =>
    tx.incidents.open({ merchant: 'shop', kind: 'orphan_payment', subject: first.out_trade_no, detail: {}, now: 0 }),
  )
  const now = await metrics()
  expect(now.get('wxpay_incidents_open{kind="orphan_payment"}')).toBe(1)
  expect(now.get('wxpay_jobs_dead')).toBe(0)
  const { merchant_serial } = world.emulator.settings
  expect(now.get(`wxpay_cert_expiry_timestamp{serial="${merchant_serial}",owner="merchant"}`)).toBeGreaterThan(world.clock.now() / 1000)
})

describe('access to the metrics', () => {
  const at = (peer: string | undefined, headers: Record<string, string> = {}, host = '127.0.0.1:8910') =>
    createApp(world.world).fetch(new Request(`http://${host}/metrics`, { headers }), peer)

  test('is open to this machine, and to a key with the scope metrics', async () => {
    await theWorld()
    for (const peer of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) expect((await at(peer)).status, peer).toBe(200)
    expect((await at('203.0.113.9', { authorization: `Bearer ${ADMIN}` })).status).toBe(200)
  })

  test('A8: needs a key when no proxies are configured, because a proxy that sets no header looks like this machine', async () => {
    await theWorld()
    world.world.reconfigure({ ...configured, trusted_proxies: undefined })
    expect((await at('127.0.0.1')).status).toBe(401)
    expect((await at('127.0.0.1', { authorization: `Bearer ${ADMIN}` })).status).toBe(200)
    // Behind a proxy on this machine a caller may come from anywhere.
    world.world.reconfigure({ ...configured, trusted_proxies: ['127.0.0.1'] })
    expect((await at('127.0.0.1')).status).toBe(401)
  })

  test('is closed to everybody else, and to callers behind a proxy on this machine', async () => {
    await theWorld()
    for (const peer of ['203.0.113.9', '10.0.0.1', 'nonsense', undefined]) expect((await at(peer)).status, peer).toBe(401)
    // DNS rebinding: the page of another site requests its own name from this machine.
    for (const host of ['evil.example', 'localhost.evil.example', '203.0.113.9'])
      expect((await at('127.0.0.1', {}, host)).status, host).toBe(401)
    for (const host of ['localhost:8910', '[::1]:8910', '127.1.2.3']) expect((await at('127.0.0.1', {}, host)).status, host).toBe(200)
    for (const header of ['x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via']) {
      expect((await at('127.0.0.1', { [header]: '203.0.113.9' })).status, header).toBe(401)
    }
    expect((await world.api('/metrics')).status).toBe(403)
  })
})

test('J3: no label contains an openid, an order number or an amount', async () => {
  await theWorld()
  const out_trade_no = await pay({ out_trade_no: 'CANARY-0001', amount: { total: 271_828 }, reference: 'CANARY-REF' })
  await refund(out_trade_no, 31_415)
  await world.fetch('/v1/CANARY-PATH')
  await world.fetch('/v1/orders/CANARY-0001', { method: 'CANARY' })
  await metrics()
  await world.clock.advance(5001)
  const text = await (await world.fetch('/metrics', { headers: { authorization: `Bearer ${ADMIN}` } })).text()
  const { users, appid, mchid } = world.emulator.settings
  const labels = [...text.matchAll(/\{(.*)\}/g)].map((match) => match[1]).join('\n')
  expect(labels.length).toBeGreaterThan(100)
  for (const secret of ['CANARY', '271828', '31415', appid, mchid, ...users.map(({ openid }) => openid)])
    expect(labels).not.toContain(secret)
})

test('concurrent scrapes share one database query', async () => {
  await theWorld()
  let asked = 0
  const { store } = world.world
  world.world.store = {
    ...store,
    vitals(now) {
      asked++
      return store.vitals(now)
    },
  }
  await world.clock.advance(5001)
  const key = { headers: { authorization: `Bearer ${ADMIN}` } }
  await Promise.all(Array.from({ length: 50 }, () => world.fetch('/metrics', key)))
  expect(asked).toBe(1)
  await world.clock.advance(5001)
  await world.fetch('/metrics', key)
  expect(asked).toBe(2)
})

test('when the database is away the metrics say so and show no old values', async () => {
  await theWorld()
  const { store } = world.world
  world.world.store = { ...store, vitals: () => Promise.reject(new Error('away')) }
  const now = await metrics()
  expect(now.get('wxpay_database_up')).toBe(0)
  expect(now.has('wxpay_unknown_outcomes_open')).toBe(false)
  expect([...now.keys()].some((name) => name.startsWith('wxpay_clock_skew'))).toBe(false)
  world.world.store = store
})
