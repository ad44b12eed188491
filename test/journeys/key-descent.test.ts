// A2: a key can create keys only within its own scopes and lifetime, its maker is recorded, and keys with a common maker count as one person.

import { type ApiKeyAnswer, type CreatedApiKeyAnswer, type Page, type RevokedApiKeysAnswer, SCOPES } from '@cashdesk/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { API_KEY, aWorld, MINUTE, type TestWorld } from '../support/world.ts'

const ANNA = 'cd_test_operator_anna_0123456789'
const BEN = 'cd_test_operator_ben_01234567890'
const NARROW = 'cd_test_operator_narrow_01234567'
const ENDING = 'cd_test_operator_ending_01234567'

/** A WeChat where CHEAP-0001 was paid with another amount than ours, so that its notification puts our order into review. */
let other: TestWorld
let world: TestWorld
beforeEach(async () => {
  other = await aWorld({
    async notified(request) {
      const init = { method: 'POST', headers: Object.fromEntries(request.headers), body: new Uint8Array(await request.arrayBuffer()) }
      return world.fetch(new URL(request.url).pathname, init)
    },
  })
  world = await aWorld({
    network: (request) => other.emulator.fetch(request),
    configure: (config) => ({
      ...config,
      api_keys: [
        { key: API_KEY, merchants: ['shop', 'mall'] },
        { key: ANNA, merchants: ['shop', 'mall'], scopes: [...SCOPES] },
        { key: BEN, merchants: ['shop'], scopes: [...SCOPES] },
        { key: NARROW, merchants: ['shop'], scopes: ['admin', 'read'] },
        { key: ENDING, merchants: ['shop'], scopes: ['admin'], expires_at: '2026-11-24T02:10:00Z' },
      ],
    }),
  })
})
afterEach(async () => {
  await world.close()
  await other.close()
})

const as = (key: string, path: string, init: RequestInit & { json?: unknown } = {}): Promise<Response> =>
  world.fetch(path, { ...init, headers: { authorization: `Bearer ${key}` } })
const ask = (key: string, change: object = {}): Promise<Response> =>
  as(key, '/v1/api_keys', { method: 'POST', json: { name: 'made', merchants: ['shop'], scopes: ['admin'], ...change } })
const make = async (key: string, change: object = {}): Promise<CreatedApiKeyAnswer> => {
  const answer = await ask(key, change)
  expect([answer.status, await answer.clone().text()]).toEqual([201, expect.any(String)])
  return (await answer.json()) as CreatedApiKeyAnswer
}
const listed = async (): Promise<ApiKeyAnswer[]> => ((await (await as(ANNA, '/v1/api_keys')).json()) as Page<ApiKeyAnswer>).data
const revoke = async (prefix: string, query = ''): Promise<RevokedApiKeysAnswer> =>
  (await (await as(ANNA, `/v1/api_keys/${prefix}${query}`, { method: 'DELETE' })).json()) as RevokedApiKeysAnswer

test('A2: a key cannot create a key with a scope that it lacks; the answer names each such scope, and nothing is written', async () => {
  const refused = await ask(NARROW, { scopes: ['admin', 'refunds:write', 'read', 'metrics'] })
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({
    code: 'key_exceeds',
    errors: [
      { field: '/scopes', message: expect.stringContaining('refunds:write') },
      { field: '/scopes', message: expect.stringContaining('metrics') },
    ],
  })
  expect(await listed()).toEqual([])
  const made = await make(NARROW, { scopes: ['admin', 'read'] })
  // The same limit holds for keys that the new key creates.
  expect((await ask(made.key, { scopes: ['refunds:write'] })).status).toBe(403)
})

test('A2: a key cannot create a key that outlives it; without a lifetime the new key has its own', async () => {
  const longer = await ask(ENDING, { expires_at: '2026-11-24T02:10:00.001Z' })
  expect([longer.status, await longer.json()]).toMatchObject([403, { code: 'key_exceeds', errors: [{ field: '/expires_at' }] }])
  const child = await make(ENDING)
  expect(child.expires_at).toBe('2026-11-24T02:10:00.000Z')
  const grandchild = await make(child.key)
  expect(grandchild.expires_at).toBe('2026-11-24T02:10:00.000Z')
  await world.clock.advance(10 * MINUTE)
  for (const { key } of [child, grandchild]) expect((await as(key, '/v1/api_keys')).status).toBe(401)
})

test('A2: the maker of each key is recorded, and revoking lists the keys that it created, at any depth', async () => {
  const child = await make(ANNA)
  const grandchild = await make(child.key)
  const stranger = await make(BEN)
  const makers = Object.fromEntries((await listed()).map(({ prefix, made_by }) => [prefix, made_by]))
  expect(makers).toEqual({
    [child.prefix]: expect.stringMatching(/^config:[0-9a-f]{8}$/),
    [grandchild.prefix]: child.prefix,
    [stranger.prefix]: expect.stringMatching(/^config:/),
  })
  expect(makers[stranger.prefix]).not.toBe(makers[child.prefix])

  const { revoked, children } = await revoke(child.prefix)
  expect([revoked, children.map(({ prefix }) => prefix)]).toEqual([[child.prefix], [grandchild.prefix]])
  expect((await as(grandchild.key, '/v1/api_keys')).status).toBe(200)
  // A revoked key can create nothing any more.
  expect((await ask(child.key)).status).toBe(401)
  expect(await revoke(child.prefix, '?with_children=1')).toEqual({ revoked: [grandchild.prefix], children: [] })
  expect((await as(grandchild.key, '/v1/api_keys')).status).toBe(401)
  expect((await as(stranger.key, '/v1/api_keys')).status).toBe(200)
})

test('A2: revoking with children revokes every key that it created, each with an audit log entry', async () => {
  const child = await make(ANNA)
  const second = await make(child.key)
  const third = await make(second.key)
  const { revoked, children } = await revoke(child.prefix, '?with_children=1')
  expect([revoked.toSorted(), children]).toEqual([[child, second, third].map(({ prefix }) => prefix).toSorted(), []])
  const log = (await (await as(ANNA, '/v1/audit_log?merchant=shop&limit=100')).json()) as Page<{ act: string; subject: string }>
  expect(log.data.filter(({ act }) => act === 'api_key.revoke').map(({ subject }) => subject)).toEqual(revoked)
})

async function inReview(): Promise<(key: string, decision?: string) => Promise<{ status: number; code?: string }>> {
  const cheap = await other.placeOrder({ out_trade_no: 'CHEAP-0001', amount: { total: 99 } })
  await world.placeOrder({ out_trade_no: 'CHEAP-0001', amount: { total: 100 } })
  await other.aPhone().cashdesk.pay(cheap)
  await other.emulator.deliverDue()
  expect(await world.order('CHEAP-0001')).toMatchObject({ state: 'review' })
  return async (key, decision = 'accept') => {
    const answer = await as(key, '/v1/orders/CHEAP-0001/review?merchant=shop', { method: 'POST', json: { decision, reason: 'x' } })
    const { code } = (await answer.json()) as { code?: string }
    return { status: answer.status, ...(code !== undefined && { code }) }
  }
}
const RELATED = { status: 403, code: 'review_same_maker' }

test('A2: a key cannot confirm a proposal of a key that it created, that created it, or that shares a maker with it', async () => {
  const say = await inReview()
  const child = await make(ANNA)
  const sibling = await make(ANNA)
  const grandchild = await make(child.key)
  const cousin = await make(sibling.key)

  expect(await say(child.key)).toEqual({ status: 202 })
  for (const related of [ANNA, sibling.key, grandchild.key, cousin.key]) expect(await say(related)).toEqual(RELATED)
  // The other way round, too: the maker proposes, and a key that it created confirms.
  expect(await say(ANNA, 'reject')).toEqual({ status: 202 })
  for (const related of [child.key, sibling.key, grandchild.key]) expect(await say(related, 'reject')).toEqual(RELATED)
  expect(await world.order('CHEAP-0001')).toMatchObject({ state: 'review' })

  expect(await say(child.key)).toEqual({ status: 202 })
  expect(await say((await make(BEN)).key)).toEqual({ status: 200 })
  expect(await world.order('CHEAP-0001')).toMatchObject({ state: 'paid' })
})

test('A2: a key without a known maker can confirm nothing, and nobody can confirm its proposals', async () => {
  const say = await inReview()
  const row = { prefix: 'deadbeef', name: 'old', merchants: ['shop'], scopes: ['admin'], created_at: 1, expires_at: null }
  const { createHash } = await import('node:crypto')
  const old = 'cdk_live_deadbeef_0123456789012345678901234567890123456789012'
  const hash = createHash('sha256').update(old).digest('hex')
  await world.world.store.transaction((tx) => tx.apiKeys.insert({ ...row, last_used_at: null, revoked_at: null, made_by: null }, hash))
  expect(await say(ANNA)).toEqual({ status: 202 })
  expect(await say(old)).toEqual(RELATED)
  expect(await say(old, 'reject')).toEqual({ status: 202 })
  expect(await say(BEN, 'reject')).toEqual(RELATED)
  expect(await say(ANNA)).toEqual({ status: 202 })
  expect(await say(BEN)).toEqual({ status: 200 })
})

test('A10: a key name with control characters or half a surrogate pair is refused, because terminals list it', async () => {
  for (const name of ['a\u001b[2Jb', 'a\u0000', 'tab\t', 'half\ud83d', ''])
    expect([name, (await ask(ANNA, { name })).status]).toEqual([name, 400])
})
