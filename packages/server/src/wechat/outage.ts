// Whether WeChat answers, judged by the calls of one merchant. While it does not, only a probe is sent now and then, so that other calls need not wait for their deadline.

import type { Clock, Random } from '@cashdesk/sdk'
import { type BreakerRule, createBreaker } from '../breaker.ts'

const RULE: BreakerRule = { failures_max: 10, first_rest_ms: 5000, longest_rest_ms: 60_000, probe_ms: 5000 }

export interface Outage {
  /** True when the caller may ask WeChat now. After a rest the first caller that is told true makes the probe. */
  mayAsk(): boolean
  /** Seconds until it is worth asking again. */
  rest_s(): number
  ended(heard: boolean): void
}

export function createOutage(clock: Clock, random: Random): Outage {
  const breaker = createBreaker(RULE, () => 0.75 + ((random(1)[0] ?? 0) / 255) * 0.5)
  return {
    mayAsk() {
      const now = clock.now()
      const state = breaker.state(now)
      if (state === 'half open') breaker.probe(now)
      return state !== 'open'
    },
    rest_s: () => Math.max(1, Math.ceil((breaker.rest_until() - clock.now()) / 1000)),
    ended: (heard) => breaker.ended(heard, clock.now()),
  }
}
