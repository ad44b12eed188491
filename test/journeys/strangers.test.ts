// A3, A5: what a caller without valid credentials may cost, and what the answer reveals.

import { createHash } from 'node:crypto'
import { type CreatedApiKeyAnswer, SCOPES } from '@cashdesk/contract'
import { createApp } from '@cashdesk/server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTurnstile } from '../../packages/server/src/access/turnstile.ts'
import { aWorld, MINUTE, type TestWorld } from '../support/world.ts'

const ADMIN = 'cd_test_administrator_0123456789'
let world: TestWorld
/** The number of transactions so far. */
let transactions: number
beforeEach(async () => {
  world = await aWorld({
    configure: (config) => ({ ...config, api_keys: [...config.api_keys, { key: ADMIN, merchants: ['shop'], scopes: [...SCOPES] }] }),
  })
  const { transaction } = world.world.store
  transactions = 0
  world.world.store.transaction = (work) => {
    transactions++
    return transaction(work)
  }
})
afterEach(() => world.close())

const from = (peer: string | undefined, path: string, token: string): Promise<Response> =>
  createApp(world.world).fetch(new Request(`http://cashdesk.test${path}`, { headers: { authorization: `Bearer ${token}` } }), peer)
const PATHS = { ct: '/client/v1/orders/NOT-THERE', cdk: '/v1/orders?merchant=shop' }
const madeUp = (n: number): string => createHash('sha256').update(String(n)).digest('base64url')

test('A5: made-up tokens from one address cost a few database look-ups and are then answered 429, while good tokens from there still work', async () => {
  const session = await world.aPhone().cashdesk.login()
  const made = await world.fetch('/v1/api_keys', {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN}` },
    json: { name: 'x', merchants: ['shop'], scopes: ['read'] },
  })
  const { key } = (await made.json()) as CreatedApiKeyAnswer
  transactions = 0
  const statuses = new Map<number, number>()
  for (let n = 0; n < 500; n++) {
    const [path, token] = n % 2 ? [PATHS.ct, `ct_${madeUp(n)}`] : [PATHS.cdk, `cdk_live_0a1b2c3d_${madeUp(n)}`]
    const { status } = await from('203.0.113.7', path, token)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }
  expect(statuses.get(401)).toBeLessThanOrEqual(25)
  expect(statuses.get(429)).toBeGreaterThanOrEqual(475)
  expect(transactions).toBeLessThanOrEqual(25)
  expect((await from('203.0.113.7', PATHS.ct, session)).status).toBe(404)
  expect((await from('203.0.113.7', PATHS.cdk, key)).status).toBe(200)
  // Another address is not affected.
  expect((await from('198.51.100.9', PATHS.ct, `ct_${madeUp(9999)}`)).status).toBe(401)
  await world.clock.advance(MINUTE)
  expect((await from('203.0.113.7', PATHS.ct, `ct_${madeUp(10_000)}`)).status).toBe(401)
})

test('A5: made-up tokens from many addresses together cost no more than a hundred look-ups at once', async () => {
  transactions = 0
  for (let n = 0; n < 1000; n++) await from(`203.0.${n >> 8}.${n & 255}`, PATHS.ct, `ct_${madeUp(n)}`)
  expect(transactions).toBeLessThanOrEqual(110)
})

test('A5: text that is not a token of ours never reaches the database', async () => {
  await world.aPhone().cashdesk.login()
  transactions = 0
  for (const token of ['x', 'ct', 'cdk_test_1', `eyJ${madeUp(1)}`, madeUp(2), 'y'.repeat(256)]) {
    for (const path of [PATHS.ct, PATHS.cdk]) expect((await from('203.0.113.7', path, token)).status).toBe(401)
  }
  expect(transactions).toBe(0)
})

test('A5: a token changed in any one character is not taken for one of ours', async () => {
  const session = await world.aPhone().cashdesk.login()
  expect((await from('203.0.113.7', PATHS.ct, session)).status).toBe(404)
  transactions = 0
  for (let at = 'ct_'.length; at < session.length - 1; at++) {
    const changed = `${session.slice(0, at)}${session[at] === 'A' ? 'B' : 'A'}${session.slice(at + 1)}`
    expect([401, 429]).toContain((await from('203.0.113.7', PATHS.ct, changed)).status)
  }
  expect(transactions).toBeLessThanOrEqual(20)
})

test('A5: random tokens of an earlier version still work, however many phones hold them', async () => {
  const tokens = Array.from({ length: 300 }, (_, n) => `ct_${madeUp(n)}`)
  const { appid } = world.emulator.settings
  const now = world.clock.now()
  await world.world.store.transaction(async (tx) => {
    for (const token of tokens) {
      const token_hash = createHash('sha256').update(token).digest('hex')
      await tx.sessions.insert({ token_hash, appid, openid: 'o', created_at: now, expires_at: now + MINUTE })
    }
  })
  for (const token of tokens) expect((await from('203.0.113.7', PATHS.ct, token)).status).toBe(404)
})

test('A3: the sender reads the same answer for an unknown serial and a wrong signature; the log has the code and the serial', async () => {
  const { public_key_id } = world.emulator.settings
  const forged = (serial: string): Promise<Response> =>
    world.fetch('/wechat/shop/notify/payment', {
      method: 'POST',
      headers: {
        'wechatpay-timestamp': String(Math.floor(world.clock.now() / 1000)),
        'wechatpay-nonce': 'n',
        'wechatpay-signature': Buffer.alloc(256, 1).toString('base64'),
        'wechatpay-serial': serial,
      },
      body: '{}',
    })
  const answers = [await forged('PUB_KEY_ID_000'), await forged(public_key_id)]
  const bodies = await Promise.all(answers.map((answer) => answer.text()))
  expect(answers.map(({ status }) => status)).toEqual([400, 400])
  expect(bodies[0]).toBe(bodies[1])
  expect(bodies[0]).not.toMatch(/ERR_|SERIAL|MISMATCH|errors/)
  const logged = world.logs.filter(({ event }) => event === 'notification.refused').map(({ fields }) => fields)
  expect(logged).toEqual([
    { merchant: 'shop', code: 'ERR_SERIAL_UNKNOWN', serial: 'PUB_KEY_ID_000' },
    { merchant: 'shop', code: 'ERR_SIGNATURE_MISMATCH', serial: public_key_id },
  ])
})

test('A10: a flood of forged notifications writes a few log lines and then their number', async () => {
  const forge = () => world.fetch('/wechat/shop/notify/payment', { method: 'POST', body: '{}' })
  for (let n = 0; n < 100; n++) await forge()
  const lines = () => world.logs.filter(({ event }) => event === 'notification.refused')
  expect(lines()).toHaveLength(5)
  await world.clock.advance(11_000)
  await forge()
  expect(lines()).toHaveLength(7)
  expect(lines()[5]?.fields.detail).toBe('and 95 more like this before')
})

test('A3: at most three messages are verified in one turn of the event loop, in order of arrival', async () => {
  const { pass } = createTurnstile()
  const order: number[] = []
  let turns = 0
  let counting = true
  const count = (): void => {
    turns++
    if (counting) setImmediate(count)
  }
  setImmediate(count)
  await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      await pass()
      order.push(n)
    }),
  )
  counting = false
  expect(order).toEqual(Array.from({ length: 100 }, (_, n) => n))
  expect(turns).toBeGreaterThanOrEqual(32)
  // A message that arrives when no other waits does not wait either.
  await pass()
})
