// A circuit breaker: after several failures in a row no calls are made for a while (a rest), longer each time; after each rest one call is made as a probe.
// WeChat (wechat/outage.ts) and each webhook endpoint (webhooks/room.ts) have one. It counts the calls of this process only.

export interface BreakerRule {
  /** How many failures in a row, without an answer between them, open the breaker. */
  failures_max: number
  first_rest_ms: number
  /** Each rest is twice as long as the one before, up to this many milliseconds. */
  longest_rest_ms: number
  /** Milliseconds after which a probe without a result counts as lost, and another one may be made. */
  probe_ms: number
}

export type BreakerState = 'closed' | 'open' | 'half open'

export interface Breaker {
  /** `closed`: all calls may be made. `open`: none. `half open`: one call may be made; `probe` notes it. `now` is epoch milliseconds. */
  state(now: number): BreakerState
  /** When the rest ends, or the probe counts as lost; epoch milliseconds. */
  rest_until(): number
  /** Notes that the next call is the probe. */
  probe(now: number): void
  /** Notes the result of a call: `heard` is true when there was an answer. */
  ended(heard: boolean, now: number): void
}

/** `jitter` returns the factor for each rest. It differs between processes, so that their probes are not made at the same moment. */
export function createBreaker(rule: BreakerRule, jitter: () => number = () => 1): Breaker {
  let failures = 0
  let rests = 0
  let rest_until = 0
  let probing = false
  return {
    state(now) {
      if (failures < rule.failures_max) return 'closed'
      // If the clock steps back, `rest_until` can be far ahead. Such a rest is not kept.
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
      // Calls that were in progress when the rest began fail as well. They say nothing about now, so they do not lengthen the rest.
      if (failures < rule.failures_max || (rests > 0 && !probing)) return
      probing = false
      rest_until = now + Math.min(rule.first_rest_ms * 2 ** Math.min(rests++, 10), rule.longest_rest_ms) * jitter()
    },
  }
}
