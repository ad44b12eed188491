// Token buckets: a burst at once, then a rate per second (reliability J2). Kept in
// memory: each replica counts its own calls and allows its share (replicas.ts).

import type { Clock } from '@cashdesk/sdk'
import { Problem } from '../problem.ts'
import type { Replicas } from './replicas.ts'

export interface Limit {
  per_second: number
  burst: number
}

export interface Limits {
  /** Calls with one API key. */
  api_key: Limit
  /** Calls of one phone's session. */
  session: Limit
  /** Logins from one address. */
  login_address: Limit
  /** Calls to WeChat for one merchant. */
  wechat: Limit
}

/** Far above what an honest caller needs: WeChat itself accepts about 500 orders per second from a merchant, and an order takes two calls. */
export const LIMITS_DEFAULT: Limits = {
  api_key: { per_second: 2000, burst: 4000 },
  session: { per_second: 5, burst: 60 },
  login_address: { per_second: 5, burst: 100 },
  wechat: { per_second: 480, burst: 480 },
}

/** Maximum number of buckets. The least recently used one is removed first: by then it is full again, or it belongs to a flood of addresses. */
const BUCKETS_MAX = 100_000

export interface Limiter {
  /** Takes one token from the bucket of `id`. @throws Problem too_many_requests, with the seconds to wait */
  take(id: string): void
  /** Undoes one `take`. */
  giveBack(id: string): void
}

export interface Bucket {
  tokens: number
  at: number
}

/** Adds the tokens since the last call. A clock that steps back adds and removes nothing. */
export function refill({ tokens, at }: Bucket, { per_second, burst }: Limit, now: number): Bucket {
  return { tokens: Math.min(burst, tokens + (Math.max(0, now - at) / 1000) * per_second), at: now }
}

/** The share of a limit that one replica may allow. */
export function part({ per_second, burst }: Limit, { count }: Replicas): Limit {
  return { per_second: per_second / count, burst: Math.max(1, burst / count) }
}

export function limiter(limit: Limit, clock: Clock, replicas: Replicas): Limiter {
  const buckets = new Map<string, Bucket>()
  return {
    take(id) {
      const now = clock.now()
      const ours = part(limit, replicas)
      const { tokens } = refill(buckets.get(id) ?? { tokens: ours.burst, at: now }, ours, now)
      buckets.delete(id)
      const [oldest] = buckets.keys()
      if (buckets.size >= BUCKETS_MAX && oldest !== undefined) buckets.delete(oldest)
      buckets.set(id, { tokens: tokens < 1 ? tokens : tokens - 1, at: now })
      if (tokens < 1) throw new Problem('too_many_requests', { retry_after_s: Math.ceil((1 - tokens) / ours.per_second) })
    },
    giveBack(id) {
      const bucket = buckets.get(id)
      if (bucket) buckets.set(id, { ...bucket, tokens: bucket.tokens + 1 })
    },
  }
}
