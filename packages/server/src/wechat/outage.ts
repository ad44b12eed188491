// Whether WeChat is there, as one merchant's calls have seen it. While it is not, one call now and then goes to see; the others need not wait for a deadline.

import type { Clock, Random } from '@cashdesk/sdk'

/** Failures in a row, with no answer between. */
const FAILURES_MAX = 10
const FIRST_REST_MS = 5000
const LONGEST_REST_MS = 60_000
/** After a rest one call goes to see; if nothing is heard of it for so long, another. */
const LOOK_MS = 5000

export interface Outage {
  /** Takes the look that is due after a rest: whoever is told yes, asks. */
  mayAsk(): boolean
  /** Seconds until it is worth asking again. */
  rest_s(): number
  ended(heard: boolean): void
}

export function createOutage(clock: Clock, random: Random): Outage {
  let failures = 0
  let rests = 0
  let rest_until = 0
  let looking = false
  return {
    mayAsk() {
      if (failures < FAILURES_MAX) return true
      const now = clock.now()
      // A clock that steps back must not make a rest of minutes.
      if (now < rest_until && rest_until - now <= 2 * LONGEST_REST_MS) return false
      rest_until = now + LOOK_MS
      looking = true
      return true
    },
    rest_s: () => Math.max(1, Math.ceil((rest_until - clock.now()) / 1000)),
    ended(heard) {
      if (heard) {
        failures = 0
        rests = 0
        looking = false
        return
      }
      failures++
      // What was under way when the rest began fails too; that is no news.
      if (failures < FAILURES_MAX || (rests > 0 && !looking)) return
      looking = false
      const rest = Math.min(FIRST_REST_MS * 2 ** Math.min(rests++, 10), LONGEST_REST_MS)
      // Several processes do not go to see at the same moment.
      rest_until = clock.now() + rest * (0.75 + ((random(1)[0] ?? 0) / 255) * 0.5)
    },
  }
}
