// Access tokens of api.weixin.qq.com. A new plain token ends the old one; the stable token is the same for all callers (miniprogram-server-api §3).

import type { Clock } from '../../ports/clock.ts'
import { type Random, randomHex } from '../../ports/random.ts'
import { Errcode } from './errcode.ts'
import { createQuota } from './quota.ts'

const SECOND_MS = 1000
const LIFE_MS = 7200 * SECOND_MS
/** How long a plain token stays valid beside a newer one, and how long before its end a stable one is renewed. */
const OVERLAP_MS = 300 * SECOND_MS
const FORCE_GAP_MS = 30 * SECOND_MS

export interface AccessToken {
  access_token: string
  /** Seconds until it expires. */
  expires_in: number
}

export interface Tokens {
  /** A new token of `/cgi-bin/token`. @throws Errcode 45009 */
  plain(appid: string): AccessToken
  /** The token of `/cgi-bin/stable_token`. @throws Errcode 45009, 45011 */
  stable(appid: string, force: boolean): AccessToken
  /** The mini program that the token belongs to. @throws Errcode 40001, 40014, 42001 */
  appidOf(access_token: string): string
  /** Invalidates both kinds of token of this appid, as if another process had requested new ones. */
  revoke(appid: string): void
  reset(): void
}

interface Token {
  appid: string
  kind: 'plain' | 'stable'
  text: string
  expires_at: number
  /** From then on it is refused although it has not expired, because there is a newer one. */
  dead_at?: number
}

export function createTokens(clock: Clock, random: Random): Tokens {
  const tokens = new Map<string, Token>()
  const newest = new Map<string, Token>()
  const forcedAt = new Map<string, number>()
  const quota = createQuota(clock)

  const issue = (appid: string, kind: Token['kind'], overlap_ms: number): Token => {
    const now = clock.now()
    const before = newest.get(`${kind}/${appid}`)
    if (before) before.dead_at ??= now + overlap_ms
    for (const [text, { expires_at }] of tokens) if (now - expires_at > LIFE_MS) tokens.delete(text)
    // 136 characters. WeChat asks clients to reserve 512.
    const token: Token = { appid, kind, text: `CD_${randomHex(random, 66)}_`, expires_at: now + LIFE_MS }
    tokens.set(token.text, token)
    newest.set(`${kind}/${appid}`, token)
    return token
  }

  const answer = ({ text, expires_at }: Token): AccessToken => ({
    access_token: text,
    expires_in: Math.floor((expires_at - clock.now()) / SECOND_MS),
  })

  const checkForce = (appid: string): void => {
    const now = clock.now()
    if (now - (forcedAt.get(appid) ?? Number.NEGATIVE_INFINITY) < FORCE_GAP_MS) throw new Errcode(45011)
    if (!quota.take(`force/${appid}`, 'day', 20)) throw new Errcode(45009)
    forcedAt.set(appid, now)
  }

  return {
    plain(appid) {
      if (!quota.take(`plain/${appid}`, 'day', 2000)) throw new Errcode(45009)
      return answer(issue(appid, 'plain', OVERLAP_MS))
    },
    stable(appid, force) {
      if (!quota.take(`stable/${appid}`, 'minute', 10_000)) throw new Errcode(45011)
      if (!quota.take(`stable/${appid}`, 'day', 500_000)) throw new Errcode(45009)
      if (force) {
        checkForce(appid)
        return answer(issue(appid, 'stable', 0))
      }
      const current = newest.get(`stable/${appid}`)
      const good = current && current.dead_at === undefined && current.expires_at - clock.now() > OVERLAP_MS
      // The previous token stays valid until it expires.
      return answer(good ? current : issue(appid, 'stable', LIFE_MS))
    },
    appidOf(access_token) {
      const token = tokens.get(access_token)
      if (!token) throw new Errcode(access_token.length < 32 ? 40014 : 40001)
      const now = clock.now()
      if (token.dead_at !== undefined && now >= token.dead_at) throw new Errcode(40001)
      if (now >= token.expires_at) throw new Errcode(42001)
      return token.appid
    },
    revoke(appid) {
      for (const token of tokens.values()) if (token.appid === appid) token.dead_at = clock.now()
    },
    reset() {
      tokens.clear()
      newest.clear()
      forcedAt.clear()
      quota.reset()
    },
  }
}
