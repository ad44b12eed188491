// wx.login and auth.code2Session: a code belongs to one user of one mini program, lives 5 minutes and works once (miniprogram-server-api §1).

import type { Clock } from '../ports/clock.ts'
import { type Random, randomHex } from '../ports/random.ts'

export const CODE_LIFE_MS: number = 5 * 60 * 1000

export type Code2Session =
  | { ok: true; openid: string; session_key: string }
  | { ok: false; errcode: 40029 | 40163; errmsg: 'invalid code' | 'code been used' }

interface Code {
  appid: string
  openid: string
  made_at: number
  used: boolean
}

export interface Logins {
  /** What wx.login does on the phone. */
  issue(appid: string, openid: string): string
  /** What auth.code2Session does on the server. */
  redeem(appid: string, code: string): Code2Session
  reset(): void
}

export function createLogins(clock: Clock, random: Random): Logins {
  const codes = new Map<string, Code>()

  /** Codes are kept in order of age, so the dead ones are at the front. */
  const forgetOld = (): void => {
    for (const [code, { made_at }] of codes) {
      if (clock.now() - made_at <= 2 * CODE_LIFE_MS) return
      codes.delete(code)
    }
  }

  return {
    issue(appid, openid) {
      forgetOld()
      const code = `0${randomHex(random, 16).slice(1)}`
      codes.set(code, { appid, openid, made_at: clock.now(), used: false })
      return code
    },
    redeem(appid, code) {
      const known = codes.get(code)
      if (!known || known.appid !== appid || clock.now() - known.made_at > CODE_LIFE_MS) {
        return { ok: false, errcode: 40029, errmsg: 'invalid code' }
      }
      if (known.used) return { ok: false, errcode: 40163, errmsg: 'code been used' }
      known.used = true
      return { ok: true, openid: known.openid, session_key: Buffer.from(random(16)).toString('base64') }
    },
    reset: () => codes.clear(),
  }
}
