// api.weixin.qq.com in a few lines: tokens as its documents describe them, and answers by path.

import { type VirtualClock, virtualClock } from '@cashdesk/emulator'
import { createMiniProgram, type Fetch, type MiniProgram, type MiniProgramOptions } from '../../src/index.ts'

export const NOW = Date.parse('2026-11-24T02:00:00Z')
export const SECRET = 'app-secret-0123456789abcdef'
export const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'

export interface Seen {
  method: string
  path: string
  query: Record<string, string>
  body: Record<string, unknown> | undefined
}

type Answer = (seen: Seen) => object

export interface Platform {
  clock: VirtualClock
  fetch: Fetch
  /** Everything but token requests. */
  seen: Seen[]
  tokenRequests: Seen[]
  /** The token that is valid now. */
  token: string
  /** Somebody else forces a new one: ours is dead. */
  forceElsewhere(): void
  /** Every token is refused, with this errcode. */
  refuseTokens(errcode: number | undefined): void
  program(change?: Partial<MiniProgramOptions>): MiniProgram
}

const LIFE_MS = 7_200_000

export function aPlatform(answers: Readonly<Record<string, Answer>> = {}): Platform {
  const clock = virtualClock(NOW)
  let number = 0
  let expires_at = 0
  let refusing: number | undefined
  const issue = (): void => {
    platform.token = `TOKEN-${String(++number).padStart(8, '0')}`
    expires_at = clock.now() + LIFE_MS
  }
  const stableToken = (seen: Seen): object => {
    platform.tokenRequests.push(seen)
    if (seen.body?.['secret'] !== SECRET) return { errcode: 40125, errmsg: `invalid appsecret ${String(seen.body?.['secret'])} rid: 1-2-3` }
    // WeChat itself renews five minutes before the end.
    if (seen.body['force_refresh'] === true || expires_at - clock.now() <= 300_000) issue()
    return { access_token: platform.token, expires_in: Math.floor((expires_at - clock.now()) / 1000) }
  }
  const answer = (seen: Seen): object => {
    if (seen.path === '/cgi-bin/stable_token') return stableToken(seen)
    platform.seen.push(seen)
    if (seen.path.startsWith('/sns/')) return answers[seen.path]?.(seen) ?? {}
    if (refusing !== undefined) return { errcode: refusing, errmsg: 'invalid credential, access_token is invalid or not latest' }
    if (seen.query['access_token'] !== platform.token) return { errcode: 40001, errmsg: `invalid credential ${seen.query['access_token']}` }
    return answers[seen.path]?.(seen) ?? { errcode: 0, errmsg: 'ok' }
  }
  const platform: Platform = {
    clock,
    seen: [],
    tokenRequests: [],
    token: '',
    async fetch(request) {
      const url = new URL(request.url)
      const text = await request.text()
      const body = text ? (JSON.parse(text) as Record<string, unknown>) : undefined
      const seen = { method: request.method, path: url.pathname, query: Object.fromEntries(url.searchParams), body }
      return new Response(JSON.stringify(answer(seen)), { headers: { 'content-type': 'text/plain' } })
    },
    forceElsewhere: issue,
    refuseTokens(errcode) {
      refusing = errcode
    },
    program: (change) =>
      createMiniProgram({
        appid: 'wx0123456789abcdef',
        app_secret: SECRET,
        fetch: platform.fetch,
        clock,
        baseURL: 'https://wechat.test/',
        ...change,
      }),
  }
  return platform
}

/** The error an act ends in. */
export async function errorOf(act: Promise<unknown>): Promise<Error> {
  const error: unknown = await act.then(
    () => new Error('nothing was thrown'),
    (caught: unknown) => caught,
  )
  return error instanceof Error ? error : new Error('something else than an error was thrown')
}
