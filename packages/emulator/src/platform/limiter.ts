// Rate limits: calls per second and merchant under a path. WeChat's own numbers are only partly known (v3-protocol §14).

import type { Clock } from '../ports/clock.ts'
import type { Behaviour } from './behaviour.ts'

export interface Limiter {
  /** Counts this call, and returns whether it exceeds the limit. */
  exceeded(mchid: string, path: string): boolean
  reset(): void
}

export function createLimiter(clock: Clock, behaviour: Behaviour): Limiter {
  let second = 0
  const counts = new Map<string, number>()
  return {
    exceeded(mchid, path) {
      const limits = Object.entries(behaviour.rate_limits).filter(([prefix]) => path.startsWith(prefix))
      if (limits.length === 0) return false
      const now = Math.floor(clock.now() / 1000)
      if (now !== second) counts.clear()
      second = now
      return limits
        .map(([prefix, limit]) => {
          const count = (counts.get(`${mchid} ${prefix}`) ?? 0) + 1
          counts.set(`${mchid} ${prefix}`, count)
          return count > limit
        })
        .includes(true)
    },
    reset: () => counts.clear(),
  }
}
