// Access tokens: two families, their lives, their ends, their quotas (miniprogram-server-api §3).

import { expect, test } from 'vitest'
import { aWorld, MINUTES, SECONDS, type World } from '../../world.ts'
import { call, plainToken, stableToken } from './call.ts'

const MANAGED = '/wxa/sec/order/is_trade_managed'

async function use(world: World, access_token: unknown): Promise<unknown> {
  const { appid } = world.emulator.settings
  return (await call(world, 'POST', MANAGED, { access_token: String(access_token) }, { appid }))['errcode']
}

test('the stable token is the same for all, with the seconds that are left, and renewed five minutes before its end', async () => {
  const world = await aWorld()
  const first = await stableToken(world)
  expect(first).toEqual({ access_token: expect.any(String), expires_in: 7200 })
  await world.clock.advance(100 * SECONDS)
  expect(await stableToken(world)).toEqual({ ...first, expires_in: 7100 })
  await world.clock.advance(6800 * SECONDS)
  const second = await stableToken(world)
  expect(second).toMatchObject({ expires_in: 7200 })
  expect(second['access_token']).not.toBe(first['access_token'])
  expect(await use(world, first['access_token'])).toBe(0)
  await world.clock.advance(300 * SECONDS)
  expect(await use(world, first['access_token'])).toBe(42001)
  expect(await use(world, second['access_token'])).toBe(0)
})

test('force kills the token before; not twice within 30 seconds, and 20 times a day', async () => {
  const world = await aWorld()
  const before = await stableToken(world)
  const forced = await stableToken(world, { force_refresh: true })
  expect(await use(world, before['access_token'])).toBe(40001)
  expect(await use(world, forced['access_token'])).toBe(0)
  expect(await stableToken(world, { force_refresh: true })).toMatchObject({ errcode: 45011 })
  for (let times = 2; times <= 20; times++) {
    await world.clock.advance(30 * SECONDS)
    expect(await stableToken(world, { force_refresh: true })).toHaveProperty('access_token')
  }
  await world.clock.advance(30 * SECONDS)
  expect(await stableToken(world, { force_refresh: true })).toMatchObject({ errcode: 45009 })
  expect(await stableToken(world)).toHaveProperty('access_token')
})

test('a new plain token leaves the old one five minutes; the families do not touch', async () => {
  const world = await aWorld()
  const stable = await stableToken(world)
  const first = await plainToken(world)
  const second = await plainToken(world)
  await world.clock.advance(5 * MINUTES - 1)
  expect(await use(world, first['access_token'])).toBe(0)
  await world.clock.advance(1)
  expect(await use(world, first['access_token'])).toBe(40001)
  expect(await use(world, second['access_token'])).toBe(0)
  expect(await use(world, stable['access_token'])).toBe(0)
})

test('2,000 plain tokens a day', async () => {
  const world = await aWorld()
  for (let times = 1; times <= 2000; times++) await plainToken(world)
  expect(await plainToken(world)).toMatchObject({ errcode: 45009 })
})

test.each([
  [{ grant_type: 'authorization_code' }, 40002],
  [{ appid: '' }, 41002],
  [{ appid: 'wx0000000000000000' }, 40013],
  [{ secret: '' }, 41004],
  [{ secret: 'wrong' }, 40125],
] as const)('%j: %i, of both kinds', async (change, errcode) => {
  const world = await aWorld()
  expect(await plainToken(world, change)).toMatchObject({
    errcode,
    errmsg: expect.stringMatching(/ rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/),
  })
  expect(await stableToken(world, change)).toMatchObject({ errcode })
})

test('what is no request is refused', async () => {
  const world = await aWorld()
  expect(await call(world, 'GET', '/cgi-bin/stable_token')).toMatchObject({ errcode: 43002 })
  expect(await call(world, 'POST', '/cgi-bin/token')).toMatchObject({ errcode: 43001 })
  expect(await call(world, 'POST', '/cgi-bin/stable_token', {}, 'grant_type=x')).toMatchObject({ errcode: 47001 })
  expect(await stableToken(world, { force_refresh: 'true' })).toMatchObject({ errcode: 47001 })
  expect(await call(world, 'POST', MANAGED, {}, {})).toMatchObject({ errcode: 41001 })
  expect(await use(world, 'x')).toBe(40014)
  expect(await use(world, 'x'.repeat(100))).toBe(40001)
})

test('a token is of one mini program', async () => {
  const world = await aWorld()
  const { sp_appid, sp_app_secret } = world.emulator.settings.sp
  const { access_token } = await stableToken(world, { appid: sp_appid, secret: sp_app_secret })
  const touser = world.emulator.settings.users[0]?.openid
  const message = { touser, template_id: 'T', data: { thing1: { value: 'x' } } }
  expect(await call(world, 'POST', '/cgi-bin/message/subscribe/send', { access_token: String(access_token) }, message)).toMatchObject({
    errcode: 40003,
  })
})

test('faults and limits answer with an errcode', async () => {
  const world = await aWorld()
  const { access_token } = await stableToken(world)
  world.emulator.faults.add({ fault: 'answer.http_500' })
  expect(await use(world, access_token)).toBe(-1)
  world.emulator.faults.add({ fault: 'request.refused', code: '42001' })
  expect(await use(world, access_token)).toBe(42001)
  world.emulator.faults.add({ fault: 'answer.http_429' })
  expect(await use(world, access_token)).toBe(45011)
  world.emulator.behaviour.rate_limits = { '/wxa/': 1 }
  expect(await use(world, access_token)).toBe(0)
  expect(await use(world, access_token)).toBe(45011)
})
