// J2: a caller over its limit gets 429 with the time to wait, and no other caller is affected.

import { type Config, createApp } from '@cashdesk/server'
import { afterEach, expect, test } from 'vitest'
import { API_KEY, aWorld, type TestWorld } from '../support/world.ts'

const OTHER_KEY = 'cd_test_another_backend_0123456789'
let world: TestWorld
afterEach(() => world.close())

const limited = (change: Partial<Config> = {}): Promise<TestWorld> =>
  aWorld({
    configure: (config) => ({
      ...config,
      ...change,
      api_keys: [...config.api_keys, { key: OTHER_KEY, merchants: ['shop'] }],
      limits: {
        api_key: { per_second: 2, burst: 3 },
        session: { per_second: 1, burst: 2 },
        login_address: { per_second: 0.5, burst: 1 },
      },
    }),
  })
const listing = (key: string): Promise<Response> =>
  world.fetch('/v1/orders?merchant=shop', { headers: { authorization: `Bearer ${key}`, 'accept-language': 'zh-CN' } })

test('an API key over its burst is answered 429 with Retry-After until that time, and another key is served meanwhile', async () => {
  world = await limited()
  for (let n = 0; n < 3; n++) expect((await listing(API_KEY)).status).toBe(200)
  const refused = await listing(API_KEY)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
  expect(await refused.json()).toMatchObject({ code: 'too_many_requests', detail: expect.stringContaining('请求过于频繁') })
  expect((await listing(OTHER_KEY)).status).toBe(200)
  await world.clock.advance(499)
  expect((await listing(API_KEY)).status).toBe(429)
  await world.clock.advance(1)
  expect((await listing(API_KEY)).status).toBe(200)
  expect((await listing(API_KEY)).status).toBe(429)
})

test('a limited request costs no transaction and no call to WeChat', async () => {
  world = await limited()
  const { transaction } = world.world.store
  let transactions = 0
  world.world.store.transaction = (work) => {
    transactions++
    return transaction(work)
  }
  for (let n = 0; n < 3; n++) await listing(API_KEY)
  const before = { transactions, calls: world.emulator.requests().length }
  const statuses = new Set((await Promise.all(Array.from({ length: 1000 }, () => listing(API_KEY)))).map(({ status }) => status))
  expect([...statuses]).toEqual([429])
  expect({ transactions, calls: world.emulator.requests().length }).toEqual(before)
  expect((await listing(OTHER_KEY)).status).toBe(200)
})

test('each phone session has a limit of its own', async () => {
  world = await limited()
  const tokens = await Promise.all(['小明', '小红'].map((user) => world.aPhone({ user }).cashdesk.login()))
  const ask = (token = '') => world.fetch('/client/v1/orders/NOT-THERE', { headers: { authorization: `Bearer ${token}` } })
  const statuses = []
  for (let n = 0; n < 3; n++) statuses.push((await ask(tokens[0])).status)
  expect(statuses).toEqual([404, 404, 429])
  expect((await ask(tokens[1])).status).toBe(404)
})

test('A8: logins are limited by the peer’s address or by what a trusted proxy says, never by what the caller claims', async () => {
  world = await limited({ trusted_proxies: ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'] })
  const app = createApp(world.world)
  const login = async (peer: string, forwarded?: string): Promise<number> => {
    const request = new Request('http://cashdesk.test/client/v1/sessions', {
      method: 'POST',
      body: JSON.stringify({ appid: 'wxunknown', code: 'x' }),
      headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    })
    return (await app.fetch(request, peer)).status
  }
  expect([await login('203.0.113.7'), await login('8.8.8.8'), await login('8.8.8.8', '1.2.3.4')]).toEqual([422, 422, 429])
  // Behind a proxy on this machine each caller is limited by the last hop.
  expect([await login('127.0.0.1', '9.9.9.9, 1.1.1.1'), await login('127.0.0.1', '7.7.7.7, 1.1.1.1')]).toEqual([422, 429])
  expect([await login('10.0.0.2', '1.0.0.1'), await login('2001:db8::1', '1.0.0.2'), await login('::ffff:127.0.0.1', '1.0.0.3')]).toEqual([
    422, 422, 422,
  ])
  // Through two of our proxies: an address that the caller claims stands further left.
  expect([await login('127.0.0.1', '6.6.6.6, 5.5.5.5, 10.0.0.9'), await login('127.0.0.1', '4.4.4.4, 5.5.5.5')]).toEqual([422, 429])
  // A proxy that sends no readable header is limited by its own address, so there is always a key to limit by.
  expect([await login('127.0.0.1'), await login('127.0.0.1', 'unknown'), await login('127.0.0.1', '')]).toEqual([422, 429, 429])
  // A private address that is not configured is not a proxy.
  expect([await login('192.168.1.1', '3.3.3.1'), await login('192.168.1.1', '3.3.3.2')]).toEqual([422, 429])
  expect(world.logs.filter(({ event }) => event === 'proxy.unknown')).toMatchObject([
    { fields: { detail: expect.stringContaining('192.168.1.1') } },
  ])
  // One customer of an IPv6 provider has a /64.
  expect([await login('2400::1:2:3:4'), await login('2400::5:6:7:8'), await login('2400:0:0:1::1')]).toEqual([422, 429, 422])
  await world.clock.advance(2000)
  expect(await login('8.8.8.8')).toBe(422)
})
