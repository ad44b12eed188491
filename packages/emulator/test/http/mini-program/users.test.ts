// Session keys, phone numbers and unionids: whose, how long, how often (miniprogram-server-api §2, §4, §7).

import { sessionSignature } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import { aWorld, control, MINUTES, pay, type World } from '../../world.ts'
import { call, stableToken, withToken } from './call.ts'

const PHONE = '/wxa/business/getuserphonenumber'

async function get(world: World, path: string, query: Record<string, string>): Promise<Record<string, unknown>> {
  const { access_token } = await stableToken(world)
  return call(world, 'GET', path, { access_token: String(access_token), ...query })
}

function signed(openid: string, session_key: string): Record<string, string> {
  return { openid, signature: sessionSignature(session_key), sig_method: 'hmac_sha256' }
}

test('a session key that is none', async () => {
  const world = await aWorld()
  const openid = world.emulator.settings.users[0]?.openid ?? ''
  const good = signed(openid, 'AAAAAAAAAAAAAAAAAAAAAA==')
  expect(await get(world, '/wxa/checksession', good)).toMatchObject({ errcode: 87009 })
  expect(await get(world, '/wxa/resetusersessionkey', good)).toMatchObject({ errcode: 87007 })
  expect(await get(world, '/wxa/checksession', { ...good, sig_method: 'md5' })).toMatchObject({ errcode: 87008 })
  expect(await get(world, '/wxa/checksession', { ...good, signature: 'x' })).toMatchObject({ errcode: 87009 })
  expect(await get(world, '/wxa/checksession', { ...good, openid: 'oNobody' })).toMatchObject({ errcode: 40003 })
})

test('a second login ends the first session key', async () => {
  const world = await aWorld()
  const { appid, app_secret, users } = world.emulator.settings
  const openid = users[0]?.openid ?? ''
  const login = async (): Promise<string> => {
    const { code } = world.emulator.login({ appid, openid })
    const query = { appid, secret: app_secret, js_code: code, grant_type: 'authorization_code' }
    return String((await call(world, 'GET', '/sns/jscode2session', query))['session_key'])
  }
  const [first, second] = [await login(), await login()]
  expect(await get(world, '/wxa/checksession', signed(openid, first))).toMatchObject({ errcode: 87009 })
  expect(await get(world, '/wxa/checksession', signed(openid, second))).toEqual({ errcode: 0, errmsg: 'ok' })
})

test('a phone code is of one mini program and one user, for five minutes, once', async () => {
  const world = await aWorld()
  const { appid, users, sp } = world.emulator.settings
  const code = async (input: Record<string, unknown> = { appid }): Promise<string> =>
    String((await control(world, 'POST', '/phone-code', input)).body['code'])
  expect(await withToken(world, PHONE, { code: await code({ appid: sp.sp_appid }) })).toMatchObject({ errcode: 40013 })
  expect(await withToken(world, PHONE, { code: await code(), openid: users[1]?.openid })).toMatchObject({ errcode: 40003 })
  expect(await withToken(world, PHONE, { code: 'unknown' })).toMatchObject({ errcode: 40029 })
  expect(await withToken(world, PHONE, {})).toMatchObject({ errcode: 40029 })
  const late = await code()
  await world.clock.advance(5 * MINUTES + 1)
  expect(await withToken(world, PHONE, { code: late })).toMatchObject({ errcode: 40029 })
  // A code of wx.login is none of the button's.
  expect(await withToken(world, PHONE, { code: world.emulator.login({ appid, openid: users[0]?.openid ?? '' }).code })).toMatchObject({
    errcode: 40029,
  })
  const mine = await withToken(world, PHONE, { code: await code() })
  const again = await withToken(world, PHONE, { code: await code() })
  expect(mine['phone_info']).toMatchObject({ countryCode: '86', watermark: { appid } })
  expect((mine['phone_info'] as Record<string, unknown>)['phoneNumber']).toBe(
    (again['phone_info'] as Record<string, unknown>)['phoneNumber'],
  )
})

test('a unionid for the payer, five minutes long, where the program is bound', async () => {
  const world = await aWorld()
  const { mchid, users } = world.emulator.settings
  const [openid = '', other = ''] = users.map((user) => user.openid)
  await pay(world)
  const key = { openid, mch_id: mchid, out_trade_no: 'order-0001' }
  expect(await get(world, '/wxa/getpaidunionid', key)).toMatchObject({ errcode: 89002 })
  await control(world, 'POST', '/behaviour', { open_platform: true })
  expect(await get(world, '/wxa/getpaidunionid', key)).toMatchObject({ errcode: 0, unionid: expect.stringMatching(/^o/) })
  expect(await get(world, '/wxa/getpaidunionid', { ...key, openid: other })).toMatchObject({ errcode: 89300 })
  expect(await get(world, '/wxa/getpaidunionid', { ...key, openid: 'oNobody' })).toMatchObject({ errcode: 40003 })
  expect(await get(world, '/wxa/getpaidunionid', { ...key, out_trade_no: 'other' })).toMatchObject({ errcode: 89300 })
  expect(await get(world, '/wxa/getpaidunionid', { openid })).toMatchObject({ errcode: 40097 })
  await world.clock.advance(5 * MINUTES + 1)
  expect(await get(world, '/wxa/getpaidunionid', key)).toMatchObject({ errcode: 89300 })
})

test('the unionid of a person is one under all mini programs, the openid is not', async () => {
  const world = await aWorld({ behaviour: { open_platform: true } })
  const { appid, app_secret, users, sp } = world.emulator.settings
  const login = async (program: { appid: string; secret: string }): Promise<Record<string, unknown>> => {
    const { code } = world.emulator.login({ appid: program.appid, openid: users[0]?.openids[program.appid] ?? '' })
    return call(world, 'GET', '/sns/jscode2session', { ...program, js_code: code, grant_type: 'authorization_code' })
  }
  const one = await login({ appid, secret: app_secret })
  const two = await login({ appid: sp.sp_appid, secret: sp.sp_app_secret })
  expect(one['unionid']).toBe(two['unionid'])
  expect(one['openid']).not.toBe(two['openid'])
})
