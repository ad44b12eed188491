// Whether WeChat is reachable, judged by one merchant's calls. During an outage only
// one call now and then is sent; the others fail at once instead of at their deadline.

import type { Clock, Random } from '@cashdesk/sdk'

/** Failures in a row, without an answer between them, that begin an outage. */
const FAILURES_MAX = 10
const FIRST_REST_MS = 5000
const LONGEST_REST_MS = 60_000
/** After a pause one call is sent as a probe. If it has not ended after this time, another is allowed. */
const LOOK_MS = 5000

export interface Outage {
  /** Whether a call may be sent now. After a pause the first caller gets true and must make the call, because it is the probe. */
  mayAsk(): boolean
  /** Seconds until the next probe. */
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
      // If the clock steps back, the pause must not grow to minutes or hours.
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
      // Calls that were under way when the pause began fail too; they do not prolong it.
      if (failures < FAILURES_MAX || (rests > 0 && !looking)) return
      looking = false
      const rest = Math.min(FIRST_REST_MS * 2 ** Math.min(rests++, 10), LONGEST_REST_MS)
      // The pause is randomised, so that several processes do not probe at the same moment.
      rest_until = clock.now() + rest * (0.75 + ((random(1)[0] ?? 0) / 255) * 0.5)
    },
  }
}
