// auth.code2Session: codes work once, for five minutes, for their own mini program (miniprogram-server-api §0, §1).

import { expect, test } from 'vitest'
import { answerOf, aWorld, MINUTES, type World } from '../../world.ts'

async function session({ emulator }: World, change: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const { appid, app_secret, users, base_url } = emulator.settings
  const { code } = emulator.login({ appid, openid: users[0]?.openid ?? '' })
  const query = new URLSearchParams({ appid, secret: app_secret, js_code: code, grant_type: 'authorization_code', ...change })
  for (const [name, value] of [...query]) if (value === '') query.delete(name)
  const answer = await answerOf(await emulator.fetch(new Request(`${base_url}/sns/jscode2session?${query}`)))
  expect(answer.status).toBe(200)
  return answer.body
}

test('a code gives the user’s openid and a session key', async () => {
  const world = await aWorld()
  expect(await session(world)).toEqual({
    openid: world.emulator.settings.users[0]?.openid,
    session_key: expect.stringMatching(/^[\w+/]{22}==$/),
  })
})

test.each([
  [{ appid: '' }, 41002, 'appid missing'],
  [{ secret: '' }, 41004, 'appsecret missing'],
  [{ js_code: '' }, 41008, 'missing code'],
  [{ appid: 'wx0000000000000000' }, 40013, 'invalid appid'],
  [{ secret: 'wrong' }, 40125, 'invalid appsecret'],
  [{ grant_type: 'client_credential' }, 40002, 'invalid grant_type'],
  [{ js_code: 'unknown' }, 40029, 'invalid code'],
] as const)('%j gives errcode %i %s with a rid', async (change, errcode, errmsg) => {
  const answer = await session(await aWorld(), change)
  expect(answer).toEqual({
    errcode,
    errmsg: expect.stringMatching(new RegExp(`^${errmsg} rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$`)),
  })
})

test('a code works once', async () => {
  const world = await aWorld()
  const { appid, users } = world.emulator.settings
  const { code } = world.emulator.login({ appid, openid: users[0]?.openid ?? '' })
  expect(await session(world, { js_code: code })).toHaveProperty('openid')
  expect(await session(world, { js_code: code })).toMatchObject({ errcode: 40163, errmsg: expect.stringContaining('code been used') })
})

test('a code lives five minutes', async () => {
  const world = await aWorld()
  const { appid, users } = world.emulator.settings
  const openid = users[0]?.openid ?? ''
  const inTime = world.emulator.login({ appid, openid })
  await world.clock.advance(5 * MINUTES)
  expect(await session(world, { js_code: inTime.code })).toHaveProperty('openid')
  const late = world.emulator.login({ appid, openid })
  await world.clock.advance(5 * MINUTES + 1)
  expect(await session(world, { js_code: late.code })).toMatchObject({ errcode: 40029 })
})

test('a code of another mini program is not valid here', async () => {
  const world = await aWorld()
  const { sub_appid } = world.emulator.settings.sp
  const { code } = world.emulator.login({ appid: sub_appid, openid: world.emulator.settings.users[0]?.openids[sub_appid] ?? '' })
  expect(await session(world, { js_code: code })).toMatchObject({ errcode: 40029 })
})
