// Phone numbers that users agree to share: a button on the page gives a code, and the server redeems it (miniprogram-server-api §4).

import { createHash } from 'node:crypto'
import type { PhoneInfo } from '@cashdesk/protocol/spec'
import type { Clock } from '../../ports/clock.ts'
import { type Random, randomHex } from '../../ports/random.ts'
import type { People } from '../people.ts'
import { createCodes } from './codes.ts'
import { Errcode } from './errcode.ts'

export interface Phones {
  /** The code that `<button open-type="getPhoneNumber">` gives. */
  issue(appid: string, openid: string): string
  /** The phone number for the code. @throws Errcode 40003, 40013, 40029 */
  redeem(appid: string, code: string, openid: string | undefined): PhoneInfo
  reset(): void
}

export function createPhones(clock: Clock, random: Random, people: People): Phones {
  const codes = createCodes<{ appid: string; openid: string }>(clock)
  return {
    // Longer than a code of wx.login, like WeChat's own.
    issue: (appid, openid) => codes.issue(randomHex(random, 32), { appid, openid }),
    redeem(appid, code, openid) {
      const worth = codes.look(code)
      if (worth && worth.appid !== appid) throw new Errcode(40013)
      if (openid !== undefined && worth && worth.openid !== openid) throw new Errcode(40003)
      if (!worth || codes.redeem(code) !== 'good') throw new Errcode(40029)
      const number = numberOf(people.find(worth.openid)?.person.name ?? '')
      const watermark = { timestamp: Math.floor(clock.now() / 1000), appid }
      return { phoneNumber: number, purePhoneNumber: number, countryCode: '86', watermark }
    },
    reset: codes.reset,
  }
}

/** 11 digits, derived from the name, so the same name always has the same number. */
function numberOf(name: string): string {
  const four = createHash('sha256').update(name).digest().readUInt16BE() % 10_000
  return `1990000${String(four).padStart(4, '0')}`
}
