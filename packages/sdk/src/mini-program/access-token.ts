// The access token of api.weixin.qq.com (miniprogram-server-api §3): the stable kind, fetched once per process and renewed before it expires.

import { STABLE_TOKEN_ENDPOINT } from '@cashdesk/protocol'
import { UntrustedAnswerError } from '../errors.ts'
import { ask, type Line, nameOf } from './ask.ts'

/** Where calls get their token. Pass your own if several processes share one token: in Redis, in a table, or behind HTTP. */
export interface AccessTokenSource {
  get(): Promise<string>
  /** WeChat refused this token. The next `get` should return another one, if possible. */
  invalidate(token: string): Promise<void>
}

/** WeChat renews a token 5 minutes before its end, and the old one stays valid until then. */
const RENEW_EARLY_MS = 300_000
/** WeChat's limits for force_refresh. A forced refresh ends the current token, which other processes may be using. */
const FORCE_GAP_MS = 30_000
const FORCES_PER_DAY = 20
const DAY_MS = 24 * 60 * 60 * 1000

interface Held {
  token: string
  renew_at: number
  expires_at: number
}

/** Tokens of one mini program for one process. Forces a refresh only if a freshly fetched token is refused too. */
export function stableAccessTokens(program: { appid: string; app_secret: string }, line: Line): AccessTokenSource {
  let held: Held | undefined
  let flight: Promise<string> | undefined
  /** A refused token, and the one that a plain renewal returned. If that is refused as well, only a forced refresh is left. */
  let suspects: { tokens: Set<string>; until: number } | undefined
  let force = false
  let forcedAt: number[] = []

  async function fetchToken(): Promise<string> {
    const forced = force && mayForce()
    force = false
    if (forced) forcedAt.push(line.clock.now())
    const body = {
      grant_type: 'client_credential',
      appid: program.appid,
      secret: program.app_secret,
      ...(forced && { force_refresh: true }),
    }
    const { access_token, expires_in } = await ask(line, { ...STABLE_TOKEN_ENDPOINT, body })
    if (typeof access_token !== 'string' || access_token === '' || typeof expires_in !== 'number') {
      throw new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request: nameOf(STABLE_TOKEN_ENDPOINT), reason: 'no access_token' })
    }
    const [now, life] = [line.clock.now(), expires_in * 1000]
    // For a token near its end, renewal is tried again soon, but not with every call.
    held = { token: access_token, expires_at: now + life, renew_at: now + Math.max(life - RENEW_EARLY_MS, Math.min(life / 2, 10_000)) }
    if (suspects && now < suspects.until) suspects.tokens.add(access_token)
    return access_token
  }

  function mayForce(): boolean {
    const now = line.clock.now()
    forcedAt = forcedAt.filter((at) => now - at < DAY_MS)
    return forcedAt.length < FORCES_PER_DAY && now - (forcedAt.at(-1) ?? Number.NEGATIVE_INFINITY) >= FORCE_GAP_MS
  }

  /** Concurrent callers share one request. */
  function renew(): Promise<string> {
    flight ??= fetchToken().finally(() => {
      flight = undefined
    })
    return flight
  }

  return {
    async get() {
      const now = line.clock.now()
      if (held && now < held.renew_at) return held.token
      const old = held
      return renew().catch((error: unknown) => {
        if (old && old === held && line.clock.now() < old.expires_at) return old.token
        throw error
      })
    },
    async invalidate(token) {
      if (token !== held?.token) return
      const now = line.clock.now()
      if (suspects && now < suspects.until && suspects.tokens.has(token)) force = true
      else suspects = { tokens: new Set([token]), until: now + RENEW_EARLY_MS }
      held = undefined
    },
  }
}
