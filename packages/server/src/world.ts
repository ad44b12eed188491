// Everything a journey may use: the four windows (clock, random, the network behind
// merchants and programs, the store), and the merchants, programs, keys and limits.

import type { Clock, Fetch, MiniProgram, Random } from '@cashdesk/sdk'
import type { Store } from '@cashdesk/store'
import type { ProxyKnowledge } from './access/address.ts'
import type { FindKey } from './access/keys.ts'
import type { Limiter, Limits } from './access/limits.ts'
import type { Pressure } from './access/pressure.ts'
import type { Replicas } from './access/replicas.ts'
import type { Strangers } from './access/strangers.ts'
import type { Turnstile } from './access/turnstile.ts'
import type { Config } from './config/config.ts'
import type { ClockSkew } from './health/clock-skew.ts'
import type { Lag } from './health/lag.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics/metrics.ts'
import type { UrlPolicy } from './webhooks/address.ts'
import type { Merchant } from './wechat/merchant.ts'

export interface World extends ProxyKnowledge {
  clock: Clock
  random: Random
  store: Store
  log: Log
  /** For lines that unauthenticated callers can cause: writes a few lines of each kind, then only their number. */
  logOfStrangers: Log
  metrics: Metrics
  skew: ClockSkew
  lag: Lag
  pressure: Pressure
  merchants: ReadonlyMap<string, Merchant>
  programs: ReadonlyMap<string, MiniProgram>
  /** Finds what a Bearer key may do; undefined for a key that is unknown, expired or revoked. */
  findKey: FindKey
  strangers: Strangers
  /** Limits how many notifications of unauthenticated senders are verified per turn of the event loop. */
  turnstile: Turnstile
  /** The key of the MAC at the end of each token that we issue. The same on every server of one database. */
  tokenSecret(): Promise<string>
  /** How many servers share the limits. */
  replicas: Replicas
  limiters: Readonly<Record<Exclude<keyof Limits, 'wechat'>, Limiter>>
  /** The secret that lets a phone pay one order. Always the same for the same order. */
  clientSecret(merchant: string, out_trade_no: string): Promise<string>
  /** Sends a request to a merchant's webhook endpoint. */
  deliver: Fetch
  webhookPolicy: UrlPolicy
  /** Replaces merchants, programs and keys. Calls under way end with the old ones. @throws KeyError, TypeError, and then nothing has changed. */
  reconfigure(config: Config): void
}
