// wx.login and auth.code2Session: a code belongs to one user of one mini program, lives 5 minutes and works once (miniprogram-server-api §1).

import type { Clock } from '../../ports/clock.ts'
import { type Random, randomHex } from '../../ports/random.ts'
import { createCodes } from './codes.ts'
import { Errcode } from './errcode.ts'
import type { Session, Sessions } from './sessions.ts'

export interface Logins {
  /** Does what wx.login does on the phone: gives a code. */
  issue(appid: string, openid: string): string
  /** Does what auth.code2Session does on the server. @throws Errcode 40029, 40163 */
  redeem(appid: string, code: string): Session
  reset(): void
}

export function createLogins(clock: Clock, random: Random, sessions: Sessions): Logins {
  const codes = createCodes<{ appid: string; openid: string }>(clock)
  return {
    issue: (appid, openid) => codes.issue(`0${randomHex(random, 16).slice(1)}`, { appid, openid }),
    redeem(appid, code) {
      const worth = codes.look(code)
      const state = worth?.appid === appid ? codes.redeem(code) : 'unknown'
      if (!worth || state === 'unknown') throw new Errcode(40029)
      if (state === 'used') throw new Errcode(40163)
      return sessions.begin(appid, worth.openid)
    },
    reset: codes.reset,
  }
}
