// Login: WeChat answers errors with HTTP 200; they become typed.

import { expect, test } from 'vitest'
import { createMiniProgram, type Fetch } from '../src/index.ts'
import { aWechat } from './wechat.ts'

async function aProgram(change: { app_secret?: string; fetch?: Fetch } = {}) {
  const wechat = await aWechat()
  const { appid, app_secret, users } = wechat.emulator.settings
  const openid = users[0]?.openid ?? ''
  const program = createMiniProgram({
    appid,
    app_secret,
    fetch: wechat.emulator.fetch,
    baseURL: 'https://wechat.test/',
    clock: wechat.clock,
    ...change,
  })
  return { wechat, openid, program, code: () => wechat.emulator.login({ appid, openid }).code }
}

test('a code becomes the openid and a session key, once', async () => {
  const { program, code, openid } = await aProgram()
  const one = code()
  const session = await program.code2Session(one)
  expect(session.openid).toBe(openid)
  expect(Buffer.from(session.session_key, 'base64')).toHaveLength(16)
  await expect(program.code2Session(one)).rejects.toMatchObject({ errcode: 40163, outcome: 'refused' })
})

test('a code lives for five minutes', async () => {
  const { program, code, wechat } = await aProgram()
  const [young, old] = [code(), code()]
  await wechat.clock.advance(299_000)
  await expect(program.code2Session(young)).resolves.toHaveProperty('openid')
  await wechat.clock.advance(2000)
  await expect(program.code2Session(old)).rejects.toMatchObject({ errcode: 40029 })
})

test('a wrong secret is refused, and not shown', async () => {
  const { program, code } = await aProgram({ app_secret: 'a-secret-of-mine' })
  const error: unknown = await program.code2Session(code()).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ errcode: 40125, code: 'ERR_MINI_PROGRAM' })
  expect(JSON.stringify(error) + String(error)).not.toContain('a-secret-of-mine')
})

test.each([
  ['{"errcode":-1,"errmsg":"system error"}', 200, { errcode: -1, outcome: 'unknown' }],
  ['{"errcode":40226,"errmsg":"code blocked"}', 200, { errcode: 40226, outcome: 'refused' }],
  ['not json', 200, { code: 'ERR_ANSWER_UNTRUSTED', outcome: 'unknown' }],
  ['{}', 200, { code: 'ERR_ANSWER_UNTRUSTED' }],
  ['', 502, { code: 'ERR_NETWORK', outcome: 'unknown' }],
])('an answer of %j (%i)', async (body, status, expected) => {
  const { program } = await aProgram({ fetch: async () => new Response(body, { status, headers: { 'content-type': 'text/plain' } }) })
  await expect(program.code2Session('code')).rejects.toMatchObject(expected)
})
