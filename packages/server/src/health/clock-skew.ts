// The difference between our clock and WeChat's, taken from every answer and asked for when there was none for a while. Signatures are
// valid for five minutes, and orders expire by the clock, so a wrong clock breaks payments long before anybody notices it (reliability F5).

import type { Clock } from '@cashdesk/sdk'
import type { SteadyClock } from './steady-clock.ts'

/** Beyond this difference the server is not ready. */
const SKEW_MS_MAX = 60_000
/** How long a measured difference counts as recent. */
const FRESH_MS = 5 * 60_000
/** The `Date` header has whole seconds: on average half a second is missing. */
const CUT_OFF_MS = 500

export interface ClockSkew {
  /** WeChat's time (epoch ms), from an answer that has just arrived. */
  heard(date: number): void
  /** Our clock minus WeChat's, in ms; undefined while it is not known. */
  ms(): number | undefined
  /** How far the machine's clock has jumped away from the server's, in ms; 0 if it did not. */
  jump_ms(): number
  /** Whether our clock is known to be too far from WeChat's to plan anything by it. */
  isWrong(): boolean
  /** Whether WeChat should be asked for the time: no value, no recent value, or a bad one. */
  doubtful(): boolean
}

/** A steady clock is told each answer's time too, and decides by it which time is right. */
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
      // A time of measurement in the future means that the clock has jumped back since.
      return age < 0 || age > FRESH_MS || Math.abs(last.skew) > SKEW_MS_MAX
    },
  }
}
