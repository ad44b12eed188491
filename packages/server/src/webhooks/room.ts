// How many events each endpoint may be sent now. An endpoint that is down is tried rarely, and a slow endpoint does not delay the others (reliability H4).

import { type Breaker, type BreakerRule, createBreaker } from '../breaker.ts'

/** Deliveries to one endpoint at the same time. */
const PER_ENDPOINT_MAX = 16
const MINUTE = 60_000
const RULE: BreakerRule = { failures_max: 5, first_rest_ms: MINUTE, longest_rest_ms: 10 * MINUTE, probe_ms: MINUTE }

interface Endpoint {
  under_way: number
  breaker: Breaker
}

export interface Room {
  /** How many more deliveries may be started now. */
  left(endpoint_id: string, now: number): number
  began(endpoint_id: string, now: number): void
  ended(endpoint_id: string, arrived: boolean, now: number): void
}

export function createRoom(): Room {
  const endpoints = new Map<string, Endpoint>()
  const of = (id: string): Endpoint => {
    const known = endpoints.get(id)
    if (known) return known
    const fresh = { under_way: 0, breaker: createBreaker(RULE) }
    endpoints.set(id, fresh)
    return fresh
  }
  return {
    left(id, now) {
      const { under_way, breaker } = of(id)
      const state = breaker.state(now)
      if (state === 'open') return 0
      return Math.max(0, (state === 'half open' ? 1 : PER_ENDPOINT_MAX) - under_way)
    },
    began(id, now) {
      const endpoint = of(id)
      if (endpoint.breaker.state(now) === 'half open') endpoint.breaker.probe(now)
      endpoint.under_way++
    },
    ended(id, arrived, now) {
      const endpoint = of(id)
      endpoint.under_way--
      endpoint.breaker.ended(arrived, now)
    },
  }
}
