// Codes that a phone receives and a server redeems. Each has one purpose, works once, and lives 5 minutes (miniprogram-server-api §1, §4).

import type { Clock } from '../../ports/clock.ts'

const CODE_LIFE_MS: number = 5 * 60 * 1000

export interface Codes<T> {
  issue(code: string, worth: T): string
  /** What the code stands for, even when it is used or expired. */
  look(code: string): T | undefined
  /** Marks the code as used. */
  redeem(code: string): 'good' | 'used' | 'unknown'
  reset(): void
}

export function createCodes<T>(clock: Clock): Codes<T> {
  const codes = new Map<string, { worth: T; made_at: number; used: boolean }>()

  /** Codes are ordered by age, so the expired ones come first. */
  const forgetOld = (): void => {
    for (const [code, { made_at }] of codes) {
      if (clock.now() - made_at <= 2 * CODE_LIFE_MS) return
      codes.delete(code)
    }
  }

  return {
    issue(code, worth) {
      forgetOld()
      codes.set(code, { worth, made_at: clock.now(), used: false })
      return code
    },
    look: (code) => codes.get(code)?.worth,
    redeem(code) {
      const known = codes.get(code)
      if (!known || clock.now() - known.made_at > CODE_LIFE_MS) return 'unknown'
      if (known.used) return 'used'
      known.used = true
      return 'good'
    },
    reset: () => codes.clear(),
  }
}
