// How far our clock is from WeChat's: heard with every answer, asked for when nothing was heard for a while. Signatures are good for five minutes,
// and an order expires by the clock, so a clock that is wrong breaks payments long before anybody looks at it (reliability F5).

import type { Clock } from '@cashdesk/sdk'
import type { SteadyClock } from './steady-clock.ts'

/** Beyond this the server is not ready. */
export const SKEW_MS_MAX = 60_000
/** What was heard counts so long. */
const FRESH_MS = 5 * 60_000
/** `Date` tells whole seconds: on average half of one is missing. */
const CUT_OFF_MS = 500

export interface ClockSkew {
  /** WeChat's clock, as an answer that has just come tells it. */
  heard(date: number): void
  /** Ours less WeChat's; undefined while nothing is known. */
  ms(): number | undefined
  /** How far the machine's clock has jumped away from ours; 0 where it did not. */
  jump_ms(): number
  /** Whether our clock is known to be too far from WeChat's for planning anything by it. */
  isWrong(): boolean
  /** Whether it is worth asking: nothing known, nothing recent, or nothing good. */
  doubtful(): boolean
}

/** A steady clock learns from each answer, too, which time is right. */
export function createSkew(clock: Clock & Partial<Pick<SteadyClock, 'heard' | 'apart_ms'>>): ClockSkew {
  let last: { skew: number; at: number } | undefined
  const jump_ms = (): number => clock.apart_ms?.() ?? 0
  return {
    jump_ms,
    isWrong: () => Math.abs(last?.skew ?? 0) > SKEW_MS_MAX,
    heard(date) {
      clock.heard?.(date + CUT_OFF_MS)
      const at = clock.now()
      last = { skew: at - date - CUT_OFF_MS, at }
    },
    ms: () => last?.skew,
    doubtful() {
      if (last === undefined || jump_ms() !== 0) return true
      const age = clock.now() - last.at
      // What was heard in the future was heard before the clock jumped back.
      return age < 0 || age > FRESH_MS || Math.abs(last.skew) > SKEW_MS_MAX
    },
  }
}
