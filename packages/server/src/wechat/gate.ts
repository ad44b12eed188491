// Limits one merchant's calls to WeChat: a number of calls per second, of which some are reserved for settling existing orders, and
// a pause while WeChat is unreachable (reliability J2, K4). Each replica counts its own calls and allows its share of the limit.

import { ApiError, type Clock, isRefused, NetworkError, type Random, UntrustedAnswerError } from '@cashdesk/sdk'
import { elsewhere } from '../access/in-hand.ts'
import { type Limit, part, refill } from '../access/limits.ts'
import type { Replicas } from '../access/replicas.ts'
import type { Trust } from '../health/trust.ts'
import type { Metrics, WechatOp } from '../metrics/metrics.ts'
import { Problem } from '../problem.ts'
import { createOutage, type Outage } from './outage.ts'

/** The share of the limit that only queries, closes and refunds may use. */
const KEPT_FOR_SETTLING = 0.25
/** How many payments may wait for WeChat's answer at once, of 256 connections; the rest is for settling. More would only queue. */
const PLACES_MAX = 192
/** Refused clients are told to return at random moments within so many seconds. */
const SPREAD_S = 8

export interface Gate {
  /** Reserves a call for one new payment, before anything is written about it. @throws Problem wechat_unreachable, wechat_busy */
  admit(): void
  /** Makes a call to WeChat within the limit. @throws NotAskedError, and whatever `ask` throws */
  call<T>(op: WechatOp, ask: () => Promise<T>): Promise<T>
}

/** We decided not to ask WeChat: certainly nothing happened there, and the schedule asks later. */
export class NotAskedError extends Error {
  /** Milliseconds until the next check, instead of the row's own schedule: a row must not wait half an hour because of a pause of seconds. */
  static readonly AGAIN_MS: number = 60_000

  readonly code: 'WECHAT_AWAY' | 'WECHAT_BUDGET'

  constructor(code: NotAskedError['code']) {
    super(code)
    this.name = 'NotAskedError'
    this.code = code
  }
}

export interface GateWindows {
  clock: Clock
  random: Random
  metrics: Metrics
  replicas: Replicas
  /** Records the result of each call. */
  trust: Trust
}

export function createGate(limit: Limit, { clock, random, metrics, replicas, trust }: GateWindows): Gate {
  const outage = createOutage(clock, random)
  let places = 0
  let bucket = { tokens: limit.burst, at: clock.now() }
  /** Takes a token, unless that would use the `kept` share of the burst, which is reserved for settling. */
  const take = (kept: number): boolean => {
    const ours = part(limit, replicas)
    bucket = refill(bucket, ours, clock.now())
    if (bucket.tokens - kept * ours.burst < 1) return false
    bucket.tokens--
    return true
  }
  const refusal = (op: WechatOp): NotAskedError | undefined => {
    // `admit` has taken the token of a payment already.
    if (op === 'place') return undefined
    if (!outage.mayAsk()) return new NotAskedError('WECHAT_AWAY')
    return take(0) ? undefined : new NotAskedError('WECHAT_BUDGET')
  }
  return {
    admit() {
      const spread = (): number => Math.floor(((random(1)[0] ?? 0) / 256) * SPREAD_S)
      if (!outage.mayAsk()) throw new Problem('wechat_unreachable', { retry_after_s: outage.rest_s() + spread() })
      if (places >= PLACES_MAX || !take(KEPT_FOR_SETTLING)) throw new Problem('wechat_busy', { retry_after_s: 1 + spread() })
    },
    async call(op, ask) {
      const refused = refusal(op)
      if (refused) {
        metrics.calls.inc({ op, outcome: 'not_asked' })
        throw refused
      }
      if (op === 'place') places++
      try {
        return await counted(metrics, op, () => watched(outage, trust, ask))
      } finally {
        if (op === 'place') places--
      }
    },
  }
}

export async function counted<T>(metrics: Metrics, op: WechatOp, ask: () => Promise<T>): Promise<T> {
  try {
    const answer = await elsewhere(ask)
    metrics.calls.inc({ op, outcome: 'ok' })
    return answer
  } catch (error) {
    metrics.calls.inc({ op, outcome: isRefused(error) ? 'refused' : 'unknown' })
    throw error
  }
}

async function watched<T>(outage: Outage, trust: Trust, ask: () => Promise<T>): Promise<T> {
  try {
    const answer = await ask()
    outage.ended(true)
    trust.answered()
    return answer
  } catch (error) {
    outage.ended(!isAway(error))
    trust.answered(error)
    throw error
  }
}

/** WeChat counts as unreachable without an answer, with one that cannot be trusted, or with a 5xx. A refusal is an answer. */
function isAway(error: unknown): boolean {
  if (error instanceof ApiError) return error.refusal.status >= 500
  return error instanceof NetworkError || error instanceof UntrustedAnswerError
}
