// G7: a server that has more to do than it can answer in time refuses new requests at once, and keeps a share for what must not wait.

import { afterEach, expect, test } from 'vitest'
import { createPressure, type Pressure } from '../../packages/server/src/access/pressure.ts'
import { aWorld, type TestWorld } from '../support/world.ts'

let world: TestWorld | undefined
afterEach(() => world?.close())

const full: Pressure = { age_ms: () => 9999, sheds: () => true, during: (work) => work(), start: () => () => {} }

test('G7: new requests are answered 503 with Retry-After and write nothing; notifications, readiness and metrics are served', async () => {
  world = await aWorld()
  const order = await world.placeOrder({ out_trade_no: 'BEFORE-001' })
  await world.aPhone({ action: 'cancel' }).cashdesk.pay(order)
  const { pressure } = world.world
  world.world.pressure = full
  const seen = new Set<string | null>()
  for (let n = 0; n < 40; n++) {
    const json = { merchant: 'shop', out_trade_no: `FLOOD-${100 + n}`, description: 'x', amount: { total: 1 } }
    const answer = await world.api('/v1/orders', { method: 'POST', json })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([503, 'overloaded'])
    seen.add(answer.headers.get('retry-after'))
  }
  // Retry-After differs between the refused clients, so that they do not all return in the same second.
  expect([...seen].sort()).toEqual(['1', '2', '3', '4'])
  for (const [method, path] of [
    ['GET', '/v1/orders'],
    ['POST', '/client/v1/sessions'],
    ['GET', '/client/v1/orders/BEFORE-001'],
  ] as const) {
    expect((await world.fetch(path, { method })).status).toBe(503)
  }
  for (const path of ['/livez', '/readyz']) expect((await world.fetch(path)).status).toBe(200)
  expect((await world.fetch('/metrics')).status).toBe(401)
  const notified = await world.wechatSays({
    resource: {
      mchid: world.emulator.settings.mchid,
      appid: world.emulator.settings.appid,
      out_trade_no: 'BEFORE-001',
      transaction_id: '4200000001',
      trade_state: 'SUCCESS',
      amount: { total: 2800 },
      success_time: '2026-11-24T10:00:00+08:00',
    },
  })
  expect(notified.status).toBe(204)
  world.world.pressure = pressure
  expect((await world.order('BEFORE-001')).state).toBe('paid')
  const { data } = (await (await world.api('/v1/orders?merchant=shop')).json()) as { data: unknown[] }
  expect(data).toHaveLength(1)
})

/** A queue of that age, and a source of random numbers for the decisions. */
function under(age: number) {
  const clock = { now: () => 0, timer: () => () => {} }
  let byte = 0
  const random = () => Uint8Array.from([byte++ % 256])
  const pressure = createPressure(() => ({ backlog_ms: () => age }) as never, clock, random)
  const stop = pressure.start()
  const shareOf = (method: string): number => Array.from({ length: 256 }, () => pressure.sheds(method)).filter(Boolean).length / 256
  return { pressure, stop, shareOf }
}

test('G7: the older the queue, the more is refused: nothing below 200 ms, every new payment above one second, every read at twice that', () => {
  const shares = [0, 150, 600, 1200, 2400].map((age) => {
    const { shareOf, stop } = under(age)
    const both = [shareOf('POST'), shareOf('GET')].map((share) => Math.round(share * 10) / 10)
    stop()
    return both
  })
  // A real timer of this process stands in for the event loop here. It may add some milliseconds, but never subtracts any.
  expect(shares).toEqual([
    [0, 0],
    [0, 0],
    [0.5, 0.1],
    [1, 0.5],
    [1, 1],
  ])
})

test('G7: a server that does not measure refuses nothing', () => {
  const { pressure, stop } = under(5000)
  stop()
  expect([pressure.age_ms(), pressure.sheds('POST')]).toEqual([0, false])
})

test('G7: while 192 payments wait for WeChat, further ones are refused before anything is written, and settling still gets through', async () => {
  const held = Promise.withResolvers<void>()
  world = await aWorld({
    async network(request, wechat) {
      if (request.method === 'POST' && request.url.endsWith('/jsapi')) await held.promise
      return wechat(request)
    },
  })
  const phone = world.aPhone()
  const payer = { appid: world.emulator.settings.appid, openid: phone.openid }
  const pay = (n: number) => {
    const order = { merchant: 'shop', out_trade_no: `WAITS-${1000 + n}`, description: 'x', amount: { total: 1 }, payer, pay: true }
    return (world as TestWorld).api('/v1/orders', { method: 'POST', json: order })
  }
  const waiting = Array.from({ length: 192 }, (_, n) => pay(n))
  await expect.poll(() => world?.logs.filter(({ event }) => event === 'order.created').length).toBe(192)
  const refused = await pay(500)
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, 'wechat_busy'])
  expect((await world.api('/v1/orders/WAITS-1500?merchant=shop')).status).toBe(404)
  // A query is sent and answered meanwhile: WeChat does not know the order yet.
  const before = world.emulator.requests().length
  expect((await world.api('/v1/orders/WAITS-1000?merchant=shop&refresh=1')).status).toBe(200)
  expect(world.emulator.requests().length).toBe(before + 1)
  held.resolve()
  expect(new Set((await Promise.all(waiting)).map(({ status }) => status))).toEqual(new Set([201]))
  expect((await pay(500)).status).toBe(201)
})
