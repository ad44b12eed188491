// The access token: one request for everybody, renewed in time, and forced as rarely as WeChat allows.

import { describe, expect, test } from 'vitest'
import type { AccessTokenSource } from '../../src/index.ts'
import { aPlatform, errorOf, type Platform } from './platform.ts'

const SECONDS = 1000
const forced = (platform: Platform): number => platform.tokenRequests.filter((seen) => seen.body?.['force_refresh'] === true).length

test('twenty calls at once share one token request, which names no force', async () => {
  const platform = aPlatform()
  const program = platform.program()
  await Promise.all(Array.from({ length: 20 }, () => program.shipping.setMessageJumpPath('pages/order')))
  expect(platform.tokenRequests.map((seen) => seen.body)).toEqual([
    { grant_type: 'client_credential', appid: 'wx0123456789abcdef', secret: 'app-secret-0123456789abcdef' },
  ])
  expect(platform.seen).toHaveLength(20)
})

test('a token is renewed five minutes before its end', async () => {
  const platform = aPlatform()
  const program = platform.program()
  await program.shipping.setMessageJumpPath('')
  await platform.clock.advance(6899 * SECONDS)
  await program.shipping.setMessageJumpPath('')
  expect(platform.tokenRequests).toHaveLength(1)
  await platform.clock.advance(SECONDS)
  await program.shipping.setMessageJumpPath('')
  expect(platform.tokenRequests).toHaveLength(2)
  expect(platform.seen.at(-1)?.query).toEqual({ access_token: platform.token })
})

test('a token that others fetched long ago counts what is left of it', async () => {
  const platform = aPlatform()
  await platform.program().shipping.setMessageJumpPath('')
  await platform.clock.advance(6855 * SECONDS)
  const second = platform.program()
  await second.shipping.setMessageJumpPath('')
  await platform.clock.advance(46 * SECONDS)
  await second.shipping.setMessageJumpPath('')
  expect(platform.tokenRequests).toHaveLength(3)
})

test('while it is still valid, the old token serves where renewal fails', async () => {
  const platform = aPlatform()
  let down = false
  const program = platform.program({
    fetch: (request) =>
      down && request.url.includes('stable_token') ? Promise.reject(new TypeError('fetch failed')) : platform.fetch(request),
  })
  await program.shipping.setMessageJumpPath('')
  down = true
  await platform.clock.advance(6950 * SECONDS)
  await program.shipping.setMessageJumpPath('')
  await platform.clock.advance(300 * SECONDS)
  expect(await errorOf(program.shipping.setMessageJumpPath(''))).toMatchObject({ code: 'ERR_NETWORK', outcome: 'unknown' })
})

test('a token that died elsewhere is fetched anew without force, and the call goes through', async () => {
  const platform = aPlatform()
  const program = platform.program()
  await program.shipping.setMessageJumpPath('')
  platform.forceElsewhere()
  await program.shipping.setMessageJumpPath('again')
  expect(platform.tokenRequests).toHaveLength(2)
  expect(forced(platform)).toBe(0)
  expect(platform.seen.map((seen) => seen.body)).toEqual([{ path: '' }, { path: 'again' }, { path: 'again' }])
})

test('ten calls that meet a dead token at once share the renewal', async () => {
  const platform = aPlatform()
  const program = platform.program()
  await program.shipping.setMessageJumpPath('')
  platform.forceElsewhere()
  await Promise.all(Array.from({ length: 10 }, () => program.shipping.setMessageJumpPath('')))
  expect(platform.tokenRequests).toHaveLength(2)
  expect(forced(platform)).toBe(0)
})

describe.each([40001, 40014, 42001])('where every token is refused with %i', (errcode) => {
  test('a call is tried three times: as it was, renewed, forced; and says so', async () => {
    const platform = aPlatform()
    platform.refuseTokens(errcode)
    const error = await errorOf(platform.program().shipping.setMessageJumpPath(''))
    expect(error).toMatchObject({ code: 'ERR_MINI_PROGRAM', errcode, outcome: 'refused', token_renewed: true })
    expect(error.message).toContain('token_renewed: yes')
    expect(platform.seen).toHaveLength(3)
    expect(platform.tokenRequests.map((seen) => seen.body?.['force_refresh'])).toEqual([undefined, undefined, true])
  })
})

test('force heals a token that plain renewal keeps giving', async () => {
  const platform = aPlatform()
  const program = platform.program({
    // WeChat refuses the first token, and goes on giving it.
    fetch: async (request) => {
      const first = request.url.includes('access_token=TOKEN-00000001')
      return first ? new Response('{"errcode":42001,"errmsg":"access_token expired"}') : platform.fetch(request)
    },
  })
  await program.shipping.setMessageJumpPath('')
  expect(forced(platform)).toBe(1)
})

test('force is never used twice within 30 seconds', async () => {
  const platform = aPlatform()
  platform.refuseTokens(40001)
  const program = platform.program()
  for (let call = 0; call < 10; call++) await errorOf(program.shipping.setMessageJumpPath(''))
  expect(forced(platform)).toBe(1)
  await platform.clock.advance(29 * SECONDS)
  await errorOf(program.shipping.setMessageJumpPath(''))
  expect(forced(platform)).toBe(1)
  await platform.clock.advance(SECONDS)
  await errorOf(program.shipping.setMessageJumpPath(''))
  expect(forced(platform)).toBe(2)
})

test('nor more than 20 times a day', async () => {
  const platform = aPlatform()
  platform.refuseTokens(40001)
  const program = platform.program()
  for (let minute = 0; minute < 60; minute++) {
    await errorOf(program.shipping.setMessageJumpPath(''))
    await platform.clock.advance(60 * SECONDS)
  }
  expect(forced(platform)).toBe(20)
  await platform.clock.advance(24 * 3600 * SECONDS)
  await errorOf(program.shipping.setMessageJumpPath(''))
  expect(forced(platform)).toBe(21)
})

test('a wrong AppSecret is refused once, and not shown though WeChat repeats it', async () => {
  const platform = aPlatform()
  const error = await errorOf(platform.program({ app_secret: 'wrong-secret-of-mine' }).shipping.setMessageJumpPath(''))
  expect(error).toMatchObject({ errcode: 40125, outcome: 'refused' })
  expect(error.message).toContain('request: POST /cgi-bin/stable_token')
  expect(error.message).not.toContain('wrong-secret-of-mine')
  expect(platform.tokenRequests).toHaveLength(1)
})

test('processes may share one source', async () => {
  const platform = aPlatform()
  const shared = { token: 'STALE', invalidated: [] as string[] }
  const source: AccessTokenSource = {
    get: async () => shared.token,
    async invalidate(token) {
      shared.invalidated.push(token)
      platform.forceElsewhere()
      shared.token = platform.token
    },
  }
  await platform.program({ accessTokens: source }).shipping.setMessageJumpPath('')
  await platform.program({ accessTokens: source }).shipping.setMessageJumpPath('')
  expect(shared.invalidated).toEqual(['STALE'])
  expect(platform.tokenRequests).toEqual([])
})

test('making a program does no I/O', () => {
  const platform = aPlatform()
  platform.program()
  expect(platform.tokenRequests).toEqual([])
  expect(() => platform.program({ baseURL: 'no address' })).toThrow(TypeError)
})
