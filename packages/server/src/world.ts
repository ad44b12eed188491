// Everything a journey may touch: the four windows (clock, random, the network behind merchants and programs, the store) and who is who.

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
  /** For what strangers cause: a few lines of a kind, then their number. */
  logOfStrangers: Log
  metrics: Metrics
  skew: ClockSkew
  lag: Lag
  pressure: Pressure
  merchants: ReadonlyMap<string, Merchant>
  programs: ReadonlyMap<string, MiniProgram>
  /** What a Bearer key may do; undefined for one that we do not know, that has expired or that was revoked. */
  findKey: FindKey
  strangers: Strangers
  /** Before a message of whoever it may be is verified. */
  turnstile: Turnstile
  /** What our tokens end with is made with it. The same on every server of one database. */
  tokenSecret(): Promise<string>
  /** Who shares the limits. */
  replicas: Replicas
  limiters: Readonly<Record<Exclude<keyof Limits, 'wechat'>, Limiter>>
  /** The secret that opens one order to a phone: always the same for the same order. */
  clientSecret(merchant: string, out_trade_no: string): Promise<string>
  /** The way to merchants' webhook endpoints. */
  deliver: Fetch
  webhookPolicy: UrlPolicy
  /** From now on these merchants, programs and keys; what is under way ends with the old ones. @throws KeyError, TypeError, and then nothing has changed. */
  reconfigure(config: Config): void
}
