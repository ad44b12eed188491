// The way to WeChat for one merchant: only so many calls a second, of which new payments leave some for settling the old; and a rest while WeChat is away
// (reliability J2, K4). Each replica counts for itself, and takes its part.

import { ApiError, type Clock, isRefused, NetworkError, type Random, UntrustedAnswerError } from '@cashdesk/sdk'
import { elsewhere } from '../access/in-hand.ts'
import { type Limit, part, refill } from '../access/limits.ts'
import type { Replicas } from '../access/replicas.ts'
import type { Trust } from '../health/trust.ts'
import type { Metrics, WechatOp } from '../metrics/metrics.ts'
import { Problem } from '../problem.ts'
import { createOutage, type Outage } from './outage.ts'

/** This much of the budget is for queries, closes and refunds alone. */
const KEPT_FOR_SETTLING = 0.25
/** So many payments wait for WeChat's answer at once, of the 256 connections that there are: the others are for settling. More would only queue. */
const PLACES_MAX = 192
/** Those who are sent away come back spread over so long. */
const SPREAD_S = 8

export interface Gate {
  /** Room for one new payment, before anything is written about it. @throws Problem wechat_unreachable, wechat_busy */
  admit(): void
  /** @throws NotAskedError, and whatever `ask` throws */
  call<T>(op: WechatOp, ask: () => Promise<T>): Promise<T>
}

/** WeChat was not asked, by our own decision: certainly nothing happened, and the schedule asks later. */
export class NotAskedError extends Error {
  /** When it is worth a look again, whatever the row's own schedule says: it must not wait half an hour for a rest of seconds. */
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
  /** Hears how each call went. */
  trust: Trust
}

export function createGate(limit: Limit, { clock, random, metrics, replicas, trust }: GateWindows): Gate {
  const outage = createOutage(clock, random)
  let places = 0
  let bucket = { tokens: limit.burst, at: clock.now() }
  /** Whether there is a token beyond that share of the burst which is kept for others. */
  const take = (kept: number): boolean => {
    const ours = part(limit, replicas)
    bucket = refill(bucket, ours, clock.now())
    if (bucket.tokens - kept * ours.burst < 1) return false
    bucket.tokens--
    return true
  }
  const refusal = (op: WechatOp): NotAskedError | undefined => {
    // A payment was admitted before.
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

/** No answer, none that can be trusted, or WeChat's own failure. A refusal is an answer. */
function isAway(error: unknown): boolean {
  if (error instanceof ApiError) return error.refusal.status >= 500
  return error instanceof NetworkError || error instanceof UntrustedAnswerError
}
