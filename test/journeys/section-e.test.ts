// Guards of races, trust and limits that could once be removed without any test failing. Each now has its test here or beside its part.

import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CreatedApiKeyAnswer, SCOPES } from '@cashdesk/contract'
import { StoreError } from '@cashdesk/store'
import { afterEach, describe, expect, test } from 'vitest'
import { limiter } from '../../packages/server/src/access/limits.ts'
import { webhookFetch } from '../../packages/server/src/webhooks/fetch.ts'
import { API_KEY, aWorld, HOUR, type TestWorld } from '../support/world.ts'

const ANNA = 'cd_test_operator_anna_0123456789'
const BEN = 'cd_test_operator_ben_01234567890'
const open: TestWorld[] = []
const theWorld = async (...args: Parameters<typeof aWorld>): Promise<TestWorld> => {
  const world = await aWorld(...args)
  open.push(world)
  return world
}
afterEach(async () => {
  for (const world of open.splice(0)) await world.close()
})
const codeOf = async (answer: Response): Promise<[number, string]> => [answer.status, ((await answer.json()) as { code: string }).code]

describe('a repeated create', () => {
  const placed = {
    merchant: 'shop',
    out_trade_no: 'SAME-00001',
    description: '拿铁',
    attach: 'table 7',
    reference: 'R-1',
    amount: { total: 100 },
  }

  test.each<[string, object]>([
    ['/description', { description: '美式' }],
    ['/attach', { attach: 'table 8' }],
    ['/attach', { attach: undefined }],
    ['/amount/total', { amount: { total: 101 } }],
    ['/reference', { reference: 'R-2' }],
    ['/metadata', { metadata: { table: '7' } }],
  ])('that differs in %s is refused, and the field is named', async (field, change) => {
    const world = await theWorld()
    const place = (json: object) => world.api('/v1/orders', { method: 'POST', json })
    expect((await place(placed)).status).toBe(201)
    expect((await place(placed)).status).toBe(200)
    const other = await place({ ...placed, ...change })
    const { code, errors } = (await other.json()) as { code: string; errors: { field: string }[] }
    expect([other.status, code, errors.map((one) => one.field)]).toEqual([409, 'order_differs', [field]])
  })
})

test('a session of another merchant’s program may not begin a payment, even with the client_secret', async () => {
  const world = await theWorld()
  const { out_trade_no, client_secret } = await world.placeOrder()
  const token = await world.aPhone({ appid: world.emulator.settings.sp.sub_appid }).cashdesk.login()
  const path = `/client/v1/orders/${out_trade_no}/pay`
  const answer = await world.fetch(path, { method: 'POST', json: { client_secret }, headers: { authorization: `Bearer ${token}` } })
  expect(await codeOf(answer)).toEqual([422, 'appid_unknown'])
  expect((await world.order(out_trade_no)).state).toBe('created')
})

test('ten HTTP 500 in a row count as an outage, and the eleventh payment is refused without a call', async () => {
  const world = await theWorld()
  world.emulator.faults.add({ fault: 'answer.http_500', times: 99 })
  const payer = { appid: world.emulator.settings.appid, openid: world.aPhone().openid }
  const pay = (n: number) => {
    const order = { merchant: 'shop', out_trade_no: `AWAY-${100 + n}`, description: 'x', amount: { total: 1 }, payer, pay: true }
    return world.api('/v1/orders', { method: 'POST', json: order })
  }
  for (let n = 0; n < 10; n++) expect((await pay(n)).status).toBe(503)
  const asked = world.emulator.requests().length
  expect(await codeOf(await pay(10))).toEqual([503, 'wechat_unreachable'])
  expect(world.emulator.requests().length).toBe(asked)
})

test('a limit locks nobody out when the clock steps back', () => {
  let now = 10 * HOUR
  const { take } = limiter({ per_second: 1, burst: 5 }, { now: () => now, timer: () => () => {} }, { count: 1 })
  take('a')
  now -= HOUR
  for (let n = 0; n < 4; n++) take('a')
  expect(() => take('a')).toThrow('too_many_requests')
  now += 1000
  take('a')
})

test('a confirmation of an old proposal does not decide a newer one that was made while WeChat was asked', async () => {
  let duringQuery: (() => Promise<unknown>) | undefined
  let ours: TestWorld | undefined
  const other = await theWorld({
    async notified(request) {
      const init = { method: 'POST', headers: Object.fromEntries(request.headers), body: new Uint8Array(await request.arrayBuffer()) }
      return (ours as TestWorld).fetch(new URL(request.url).pathname, init)
    },
  })
  const world = await theWorld({
    async network(request) {
      const during = duringQuery
      duringQuery = undefined
      await during?.()
      return other.emulator.fetch(request)
    },
    configure: (config) => ({
      ...config,
      api_keys: [
        { key: API_KEY, merchants: ['shop', 'mall'] },
        ...[ANNA, BEN].map((key) => ({ key, merchants: ['shop'], scopes: [...SCOPES] })),
      ],
    }),
  })
  ours = world
  const cheap = await other.placeOrder({ out_trade_no: 'CHEAP-0001', amount: { total: 99 } })
  await world.placeOrder({ out_trade_no: 'CHEAP-0001', amount: { total: 100 } })
  await other.aPhone().cashdesk.pay(cheap)
  await other.emulator.deliverDue()
  const say = (key: string, decision: string) =>
    world.fetch('/v1/orders/CHEAP-0001/review', {
      method: 'POST',
      json: { decision, reason: 'x' },
      headers: { authorization: `Bearer ${key}` },
    })
  expect((await say(ANNA, 'accept')).status).toBe(202)
  duringQuery = () => say(ANNA, 'reject')
  expect(await codeOf(await say(BEN, 'accept'))).toEqual([409, 'order_not_in_review'])
  expect((await world.order('CHEAP-0001')).state).toBe('review')
})

test('A2: a key that is revoked while it creates another creates none', async () => {
  const world = await theWorld({
    configure: (config) => ({
      ...config,
      api_keys: [
        { key: API_KEY, merchants: ['shop', 'mall'] },
        { key: ANNA, merchants: ['shop'], scopes: [...SCOPES] },
      ],
    }),
  })
  const as = (key: string, path: string, init: RequestInit & { json?: unknown }) =>
    world.fetch(path, { ...init, headers: { authorization: `Bearer ${key}` } })
  const json = { name: 'x', merchants: ['shop'], scopes: ['admin'] }
  const child = (await (await as(ANNA, '/v1/api_keys', { method: 'POST', json })).json()) as CreatedApiKeyAnswer
  const { tokenSecret } = world.world
  // Between reading the key and writing the new one.
  world.world.tokenSecret = async () => {
    world.world.tokenSecret = tokenSecret
    await as(ANNA, `/v1/api_keys/${child.prefix}`, { method: 'DELETE' })
    return tokenSecret()
  }
  expect(await codeOf(await as(child.key, '/v1/api_keys', { method: 'POST', json }))).toEqual([401, 'unauthorized'])
})

test('an endless answer of a receiver is cut off, and its status counts', async () => {
  let written = 0
  let closed = false
  const receiver = http.createServer((request, answer) => {
    request.resume()
    answer.writeHead(200)
    const more = (): void => {
      if (closed || written > 64 * 1024 * 1024) return
      written += 64 * 1024
      if (answer.write(Buffer.alloc(64 * 1024))) setImmediate(more)
      else answer.once('drain', more)
    }
    answer.on('close', () => {
      closed = true
    })
    more()
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  const send = webhookFetch({ allow: ['127.0.0.1'] })
  await send(new Request(url, { method: 'POST', body: '{}' })).catch(() => undefined)
  await expect.poll(() => closed).toBe(true)
  expect(written).toBeLessThan(16 * 1024 * 1024)
  await new Promise((resolve) => receiver.close(resolve))
})

test.each([
  ['STORE_CONSTRAINT', 500, 'internal'],
  ['STORE_INPUT', 400, 'invalid_request'],
  ['STORE_UNAVAILABLE', 503, 'store_unavailable'],
] as const)('A6: %s of the database is answered %i %s', async (code, status, problem) => {
  const world = await theWorld()
  const { store } = world.world
  world.world.store = { ...store, transaction: () => Promise.reject(new StoreError(code, 'x')) }
  expect(await codeOf(await world.api('/v1/orders?merchant=shop'))).toEqual([status, problem])
  world.world.store = store
})
