// A circuit breaker: after several failures in a row a service is left alone for a while, longer each time; after each rest one call goes ahead to see.
// WeChat (wechat/outage.ts) and each webhook endpoint (webhooks/room.ts) have one. What it knows is this process's own experience.

export interface BreakerRule {
  /** Failures in a row, with no answer between, that open it. */
  failures_max: number
  first_rest_ms: number
  /** Each rest is twice as long as the one before, up to this. */
  longest_rest_ms: number
  /** The one call after a rest is given up for lost after so long; then another may go. */
  probe_ms: number
}

export type BreakerState = 'closed' | 'open' | 'half open'

export interface Breaker {
  /** `closed`: all may go. `open`: none. `half open`: one may go ahead, which `probe` notes. */
  state(now: number): BreakerState
  /** Until when it is open, or the call that went ahead is waited for; epoch milliseconds. */
  rest_until(): number
  /** The call that is about to be made is the one that goes ahead. */
  probe(now: number): void
  /** How a call ended: whether anything was heard. */
  ended(heard: boolean, now: number): void
}

/** `jitter` gives the factor of each rest, so that several processes do not go to see at the same moment. */
export function createBreaker(rule: BreakerRule, jitter: () => number = () => 1): Breaker {
  let failures = 0
  let rests = 0
  let rest_until = 0
  let probing = false
  return {
    state(now) {
      if (failures < rule.failures_max) return 'closed'
      // A clock that steps back must not make a rest of minutes.
      return now < rest_until && rest_until - now <= 2 * rule.longest_rest_ms ? 'open' : 'half open'
    },
    rest_until: () => rest_until,
    probe(now) {
      probing = true
      rest_until = now + rule.probe_ms
    },
    ended(heard, now) {
      if (heard) {
        failures = 0
        rests = 0
        rest_until = 0
        probing = false
        return
      }
      failures++
      // Calls that were under way when the rest began fail too; that is no news.
      if (failures < rule.failures_max || (rests > 0 && !probing)) return
      probing = false
      rest_until = now + Math.min(rule.first_rest_ms * 2 ** Math.min(rests++, 10), rule.longest_rest_ms) * jitter()
    },
  }
}
