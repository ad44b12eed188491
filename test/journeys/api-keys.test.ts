// Permissions: every route × every scope × every merchant (J1), and API keys from creation to revocation (J4).

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { type CreatedApiKeyAnswer, ROUTES, type Route, type RouteName, SCOPES, type Scope } from '@cashdesk/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { API_KEY, aWorld, HOUR, MINUTE, type TestWorld } from '../support/world.ts'

const keyOf = (merchant: string, scope: string): string => `cd_test_${merchant}_${scope}_0123456789abcdef`
const ADMIN = 'cd_test_admin_of_both_0123456789'
const HASHED = 'cd_test_only_the_hash_is_configured'
const EXPIRING = 'cd_test_expires_in_an_hour_012345'

const configured = [
  { key: API_KEY, merchants: ['shop', 'mall'] },
  { key: ADMIN, merchants: ['shop', 'mall'], scopes: [...SCOPES] },
  { key_hash: createHash('sha256').update(HASHED).digest('hex').toUpperCase(), merchants: ['shop'] },
  { key: EXPIRING, merchants: ['shop'], expires_at: '2026-11-24T03:00:00Z' },
  ...['shop', 'mall'].flatMap((merchant) =>
    SCOPES.map((scope) => ({ key: keyOf(merchant, scope), merchants: [merchant], scopes: [scope] })),
  ),
]

let world: TestWorld
beforeEach(async () => {
  world = await aWorld({ configure: (config) => ({ ...config, api_keys: configured }) })
})
afterEach(() => world.close())

const as = (key: string, path: string, init: RequestInit & { json?: unknown } = {}): Promise<Response> =>
  world.fetch(path, { ...init, headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${key}` } })
const codeOf = async (answer: Response): Promise<string> => ((await answer.json()) as { code: string }).code

/** A resource of the merchant `shop` for every path parameter. */
async function shopsThings(): Promise<Record<string, string>> {
  const order = await world.placeOrder({ out_trade_no: 'MATRIX-1' })
  await world.aPhone({ afterCashier: () => world.emulator.deliverDue() }).cashdesk.pay(order)
  const refund = { out_refund_no: 'MATRIX-R1', amount: { refund: 1 } }
  await world.api('/v1/orders/MATRIX-1/refunds?merchant=shop', { method: 'POST', json: refund })
  const { data } = (await (await world.api('/v1/events?merchant=shop')).json()) as { data: { id: string }[] }
  const made = await as(ADMIN, '/v1/api_keys', { method: 'POST', json: { name: 'x', merchants: ['shop'], scopes: ['read'] } })
  const hook = await world.api('/v1/webhook_endpoints?merchant=shop', { method: 'POST', json: { url: 'https://hook.example.com/' } })
  const incident = await world.world.store.transaction(async (tx) => {
    await tx.incidents.open({ merchant: 'shop', kind: 'double_payment', subject: 'MATRIX-1', detail: {}, now: 0 })
    return tx.incidents.openOne('shop', 'double_payment', 'MATRIX-1')
  })
  const { mchid } = world.emulator.settings
  const difference = await world.world.store.transaction(async (tx) => {
    await tx.books.openDay(mchid, '2026-11-20', 0, 0)
    const finding = { class: 'amount' as const, subject: 'MATRIX-1', merchant: 'shop', amount: 1, detail: {} }
    return tx.books.note({ mchid, date: '2026-11-20', run: 1 }, finding, 0)
  })
  return {
    date: '2026-11-20',
    differences: difference.id,
    out_trade_no: 'MATRIX-1',
    out_refund_no: 'MATRIX-R1',
    events: data[0]?.id ?? '',
    incidents: incident?.id ?? '',
    webhook_endpoints: ((await hook.json()) as { id: string }).id,
    prefix: ((await made.json()) as { prefix: string }).prefix,
  }
}

const BODIES: Partial<Record<RouteName, object>> = {
  createOrder: { merchant: 'shop', out_trade_no: 'MATRIX-2', description: 'x', amount: { total: 1 } },
  createRefund: { out_refund_no: 'MATRIX-R2', amount: { refund: 1 } },
  createWebhookEndpoint: { url: 'https://hook.example.com/2' },
  createApiKey: { name: 'y', merchants: ['shop'], scopes: ['admin'] },
  replayEvents: { from: '2026-01-01T00:00:00Z' },
  reviewOrder: { decision: 'accept', reason: 'x' },
  resolveIncident: { note: 'x' },
  runReconciliation: {},
  actOnDifference: { act: 'assign', owner: 'x' },
}

function takesMerchant(query: Route['query']): boolean {
  return query?.safeParse({ merchant: 'shop' }).success ?? false
}

function call(name: RouteName, things: Record<string, string>, key: string, language = 'en'): Promise<Response> {
  const { method, path, query } = ROUTES[name]
  const filled = path.replace(/\{([a-z_]+)\}/, (_, param: string) => {
    if (param !== 'id') return things[param] ?? ''
    const [, , collection = ''] = path.split('/')
    return things[collection] ?? ''
  })
  const json = BODIES[name]
  return as(key, `${filled}${takesMerchant(query) ? '?merchant=shop' : ''}`, {
    method,
    headers: { 'accept-language': language },
    ...(json && { json }),
  })
}

const forKeys = (Object.entries(ROUTES) as [RouteName, Route][]).filter(([, { who }]) => who !== 'session' && who !== 'anyone')

test('J4: each route accepts exactly its scope, and the refusal names the missing scope in both languages', async () => {
  const things = await shopsThings()
  for (const [name, { who, status }] of forKeys) {
    expect([name, (await call(name, things, 'cd_test_nobody_knows_this_key')).status]).toEqual([name, 401])
    for (const scope of SCOPES.filter((other) => other !== who)) {
      const refused = await call(name, things, keyOf('shop', scope))
      expect([name, scope, refused.status]).toEqual([name, scope, 403])
      expect(await refused.json()).toMatchObject({ code: 'scope_missing', scope: who, detail: expect.stringContaining('may not do that') })
      const chinese = await call(name, things, keyOf('shop', scope), 'zh-CN')
      expect(await chinese.json()).toMatchObject({ code: 'scope_missing', detail: expect.stringContaining('无此权限') })
    }
    // The order is paid without a mismatch and no file comes with the call, so these refuse what the scope allows.
    const refusing: Partial<Record<RouteName, readonly number[]>> = { payOrder: [409], reviewOrder: [409], importBill: [422] }
    const expected = refusing[name] ?? status
    expect([name, expected]).toEqual([name, expect.arrayContaining([(await call(name, things, keyOf('shop', who as Scope))).status])])
  }
})

test('J1: with the right scope another merchant’s things do not exist, on any route', async () => {
  const things = await shopsThings()
  for (const [name, { who, path, query }] of forKeys) {
    if (name === 'listApiKeys') continue
    const refused = await call(name, things, keyOf('mall', who))
    expect([name, refused.status, await codeOf(refused)]).toEqual([name, 404, 'not_found'])
    if (!takesMerchant(query) || !path.includes('{')) continue
    // Naming the key's own merchant does not help either.
    const own = path.replace(/\{([a-z_]+)\}/, things['out_trade_no'] ?? '')
    const { method } = ROUTES[name]
    const json = BODIES[name]
    const answer = await as(keyOf('mall', who), own, { method, ...(json && { json }) })
    const empty = name === 'listRefundsOfOrder' || name === 'listDeliveries'
    expect([name, answer.status]).toEqual([name, empty ? 200 : 404])
    if (empty) expect(await answer.json()).toEqual({ data: [], next: null })
  }
  const listed = await as(keyOf('mall', 'admin'), '/v1/api_keys')
  expect(await listed.json()).toEqual({ data: [], next: null })
})

test('every route of the API is in the contract', () => {
  const folder = new URL('../../packages/server/src/http/', import.meta.url)
  for (const file of readdirSync(folder).filter((name) => name.endsWith('-api.ts'))) {
    expect(readFileSync(new URL(file, folder), 'utf8'), file).not.toMatch(/\bapi\.(get|post|put|patch|delete|all|on|use)\(/)
  }
})

describe('an API key', () => {
  const make = async (change: object = {}): Promise<CreatedApiKeyAnswer> => {
    const json = { name: 'the shop’s backend', merchants: ['shop'], scopes: ['read'], ...change }
    const answer = await as(ADMIN, '/v1/api_keys', { method: 'POST', json })
    expect(answer.status).toBe(201)
    return (await answer.json()) as CreatedApiKeyAnswer
  }

  test('is shown once, works at once, shows when it was used, and stops working when it is revoked', async () => {
    const { key, prefix } = await make()
    expect(key).toMatch(new RegExp(`^cdk_live_${prefix}_[A-Za-z0-9_-]{43}$`))
    expect((await as(key, '/v1/orders')).status).toBe(200)
    const listed = await (await as(ADMIN, '/v1/api_keys')).text()
    expect(listed).not.toContain(key)
    expect(JSON.parse(listed)).toMatchObject({ data: [{ prefix, scopes: ['read'], last_used_at: '2026-11-24T02:00:00.000Z' }] })

    const revoked = await as(ADMIN, `/v1/api_keys/${prefix}`, { method: 'DELETE' })
    expect([revoked.status, await revoked.json()]).toEqual([200, { revoked: [prefix], children: [] }])
    expect((await as(key, '/v1/orders')).status).toBe(401)
    // A second revocation changes nothing.
    await world.clock.advance(MINUTE)
    const again = await as(ADMIN, `/v1/api_keys/${prefix}`, { method: 'DELETE' })
    expect([again.status, await again.json()]).toEqual([200, { revoked: [], children: [] }])
    expect(await (await as(ADMIN, '/v1/api_keys')).json()).toMatchObject({ data: [{ revoked_at: '2026-11-24T02:00:00.000Z' }] })
  })

  test('ends at its expiry, to the millisecond; one whose expiry is past is refused', async () => {
    const { key } = await make({ expires_at: '2026-11-24T10:05:00+08:00' })
    await world.clock.advance(5 * MINUTE - 1)
    expect((await as(key, '/v1/orders')).status).toBe(200)
    await world.clock.advance(1)
    expect((await as(key, '/v1/orders')).status).toBe(401)
    const past = await as(ADMIN, '/v1/api_keys', {
      method: 'POST',
      json: { name: 'x', merchants: ['shop'], scopes: ['read'], expires_at: '2026-11-24T02:00:00Z' },
    })
    expect([past.status, await codeOf(past)]).toEqual([400, 'invalid_request'])
  })

  test('of the configuration may be given as its hash only, and may expire', async () => {
    expect((await as(HASHED, '/v1/orders')).status).toBe(200)
    expect((await as(EXPIRING, '/v1/orders')).status).toBe(200)
    await world.clock.advance(HOUR)
    expect((await as(EXPIRING, '/v1/orders')).status).toBe(401)
    expect((await as(HASHED, '/v1/orders')).status).toBe(200)
  })

  test('without scopes in the configuration may read orders, but not manage API keys', async () => {
    expect((await as(API_KEY, '/v1/orders?merchant=shop')).status).toBe(200)
    expect(await codeOf(await as(API_KEY, '/v1/api_keys'))).toBe('scope_missing')
  })
})
