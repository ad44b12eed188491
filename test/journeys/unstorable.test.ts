// A6, A10: text that a database could refuse or change (NUL, half a surrogate pair, bytes that are not UTF-8) is the caller's mistake on every route and in
// every place. Both engines answer the same, 400 or 404 and never "unavailable", and nothing is written.

import { ROUTES, type Route, type RouteName, SCOPES } from '@cashdesk/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aWorld, type TestWorld } from '../support/world.ts'

const ALL = 'cd_test_may_do_everything_0123456789'
let world: TestWorld
let session: string
beforeEach(async () => {
  world = await aWorld({
    configure: (config) => ({ ...config, api_keys: [...config.api_keys, { key: ALL, merchants: ['shop'], scopes: [...SCOPES] }] }),
  })
  const { appid } = world.emulator.settings
  const { code } = world.emulator.login({ appid, openid: world.aPhone().openid })
  const answer = await world.fetch('/client/v1/sessions', { method: 'POST', json: { appid, code } })
  session = ((await answer.json()) as { token: string }).token
})
afterEach(() => world.close())

const routes = Object.entries(ROUTES) as [RouteName, Route][]
const call = (route: Route, path: string, body?: unknown): Promise<Response> =>
  world.fetch(path, {
    method: route.method,
    headers: { authorization: `Bearer ${route.who === 'session' ? session : ALL}` },
    ...(body !== undefined && route.method !== 'GET' && { json: body }),
  })

/** Texts as they appear in a URL: NUL, escape, half a surrogate pair as three bytes, bytes that are not UTF-8. */
const ENCODED = ['%00', 'ORDER-1%00', '%ED%A0%80', '%FF%FE', '%1b%5b2J', 'x'.repeat(3000)]

test('A6: unstorable text in the path of any route is answered 404', async () => {
  for (const [name, route] of routes.filter(([, { path }]) => path.includes('{'))) {
    for (const bad of ENCODED) {
      const { status } = await call(route, route.path.replace(/\{[a-z_]+\}/, bad), {})
      expect([name, bad.slice(0, 20), status]).toEqual([
        name,
        bad.slice(0, 20),
        expect.toSatisfy((s: number) => [200, 400, 404].includes(s)),
      ])
      // A list for something that does not exist is empty, not an error.
      if (status === 200) expect(['listRefundsOfOrder', 'listDeliveries', 'getOrderAsClient']).toContain(name)
    }
  }
  for (const bad of ENCODED) {
    expect((await world.fetch(`/wechat/${bad}/notify/payment`, { method: 'POST', body: '{}' })).status).toBe(404)
  }
})

test('A6: unstorable text in any query parameter of any route is refused', async () => {
  const names = ['merchant', 'after', 'state', 'limit', 'refresh', 'client_result', 'with_children', 'unknown']
  for (const [name, route] of routes.filter(([, { query }]) => query)) {
    for (const parameter of names) {
      for (const bad of ENCODED.slice(0, 4)) {
        const { status } = await call(route, `${route.path.replace(/\{[a-z_]+\}/, 'ORDER-0001')}?${parameter}=${bad}`, {})
        const allowed = bad.includes('00') ? [400] : [200, 400, 404]
        expect([name, parameter, bad, status]).toEqual([name, parameter, bad, expect.toSatisfy((s: number) => allowed.includes(s))])
      }
    }
  }
})

const BODIES: readonly [RouteName, string, Record<string, unknown>][] = [
  [
    'createOrder',
    '/v1/orders',
    {
      merchant: 'shop',
      out_trade_no: 'NUL-00001',
      reference: 'r',
      description: 'd',
      attach: 'a',
      metadata: { key: 'value' },
      payer: { openid: 'o', appid: 'wx' },
      amount: { total: 1, currency: 'CNY' },
      time_expire: '2026-11-24T03:00:00Z',
    },
  ],
  ['createRefund', '/v1/orders/ORDER-0001/refunds', { out_refund_no: 'R', reason: 'r', amount: { refund: 1 } }],
  ['createWebhookEndpoint', '/v1/webhook_endpoints', { url: 'https://hook.example.com/' }],
  ['createApiKey', '/v1/api_keys', { name: 'n', merchants: ['shop'], scopes: ['read'], expires_at: '2027-01-01T00:00:00Z' }],
  ['replayEvents', '/v1/events/replay', { from: '2026-01-01T00:00:00Z', after: 'evt_1' }],
  ['reviewOrder', '/v1/orders/ORDER-0001/review', { decision: 'accept', reason: 'r' }],
  ['createSession', '/client/v1/sessions', { appid: 'wx', code: 'c' }],
  ['payAsClient', '/client/v1/orders/ORDER-0001/pay', { client_secret: 'cs_shop_x' }],
]

/** The same body with one text at any depth replaced, and the pointer to that text. */
function* spoilt(value: unknown, bad: string, pointer = ''): Generator<[pointer: string, body: unknown]> {
  if (typeof value === 'string') yield [pointer, bad]
  else if (Array.isArray(value))
    for (const [i, inner] of value.entries())
      for (const [at, made] of spoilt(inner, bad, `${pointer}/${i}`)) yield [at, value.with(i, made)]
  else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value)) {
      for (const [at, made] of spoilt(inner, bad, `${pointer}/${name}`)) yield [at, { ...value, [name]: made }]
    }
    yield [`${pointer}/…`, { ...value, [`x${bad}`]: 'y' }]
  }
}

test('A6: unstorable text in any value or name of any body is refused, and the field is named', async () => {
  for (const [name, path, body] of BODIES) {
    for (const bad of ['a\u0000b', '\ud83d', '\ude00x']) {
      for (const [pointer, spoiled] of spoilt(body, bad)) {
        const answer = await call(ROUTES[name], path, spoiled)
        const problem = (await answer.json()) as { code: string; errors: { field: string }[] }
        expect([name, pointer, bad, answer.status, problem.code]).toEqual([name, pointer, bad, 400, 'invalid_request'])
        if (!pointer.endsWith('…')) expect(problem.errors.map(({ field }) => field)).toContain(pointer)
      }
    }
  }
  const { data } = (await (await call(ROUTES.listOrders, '/v1/orders')).json()) as { data: unknown[] }
  expect(data).toEqual([])
})

test('A10: a body that is not UTF-8 is refused, because it would be stored as other text and the same order would differ', async () => {
  for (const bytes of [[0xff], [0xed, 0xa0, 0x80], [0xc3]]) {
    const body = Buffer.concat([
      Buffer.from('{"merchant":"shop","out_trade_no":"UTF8-0001","amount":{"total":1},"description":"'),
      Buffer.from(bytes),
      Buffer.from('"}'),
    ])
    const answer = await world.fetch('/v1/orders', { method: 'POST', headers: { authorization: `Bearer ${ALL}` }, body })
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'bad_json'])
  }
})

test('A6: a value that the database refuses is never called "unavailable", because repeating would not help', async () => {
  const { store } = world.world
  // Written below all our checks, as a bug could do it.
  const codeOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'written',
      (error: { code: string }) => error.code,
    )
  const row = { token_hash: 'x', appid: 'wx', openid: 'o', created_at: 1, expires_at: 2 }
  const outOfRange = store.transaction((tx) => tx.sessions.insert({ ...row, expires_at: 'soon' as unknown as number }))
  expect(await codeOf(outOfRange)).toMatch(/^STORE_(INPUT|CONSTRAINT)$/)
  const twice = store.transaction(async (tx) => {
    await tx.sessions.insert(row)
    await tx.sessions.insert(row)
  })
  expect(await codeOf(twice)).toBe('STORE_CONSTRAINT')
})
