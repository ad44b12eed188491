// One endpoint's health as this process has seen it: how many more it may be sent now. A receiver that is down is asked rarely, a slow one keeps nobody waiting (reliability H4).

const SECOND = 1000

/** At once to one endpoint. */
const PER_ENDPOINT_MAX = 16
/** Failures in a row after which it is left alone for a while. */
const FAILURES_MAX = 5
const FIRST_REST_MS = 60 * SECOND
const LONGEST_REST_MS = 10 * 60 * SECOND

interface Health {
  under_way: number
  /** In a row. */
  failures: number
  /** In a row; each is twice as long as the one before. */
  rests: number
  rest_until: number
}

export interface Breaker {
  /** How many more may be sent to it now. */
  room(endpoint_id: string, now: number): number
  began(endpoint_id: string): void
  ended(endpoint_id: string, arrived: boolean, now: number): void
}

export function createBreaker(): Breaker {
  const endpoints = new Map<string, Health>()
  const of = (id: string): Health => {
    const known = endpoints.get(id)
    if (known) return known
    const fresh = { under_way: 0, failures: 0, rests: 0, rest_until: 0 }
    endpoints.set(id, fresh)
    return fresh
  }
  return {
    room(id, now) {
      const { under_way, failures, rest_until } = of(id)
      if (now < rest_until) return 0
      // After a rest one goes ahead, to see.
      return Math.max(0, (failures >= FAILURES_MAX ? 1 : PER_ENDPOINT_MAX) - under_way)
    },
    began: (id) => void of(id).under_way++,
    ended(id, arrived, now) {
      const health = of(id)
      health.under_way--
      if (arrived) {
        Object.assign(health, { failures: 0, rests: 0, rest_until: 0 })
        return
      }
      health.failures++
      // Those that were under way together say no more than the first of them.
      if (health.failures < FAILURES_MAX || now < health.rest_until) return
      health.rest_until = now + Math.min(FIRST_REST_MS * 2 ** Math.min(health.rests++, 10), LONGEST_REST_MS)
    },
  }
}
