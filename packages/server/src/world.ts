// Everything a journey may touch: the four windows (clock, random, the network behind merchants and programs, the store) and who is who.

import { createHmac } from 'node:crypto'
import { type Clock, createMiniProgram, type Fetch, type MiniProgram, type Random, systemClock, systemRandom } from '@cashdesk/sdk'
import { CLIENT_SECRET_KEY, type Store } from '@cashdesk/store'
import { type ProxyKnowledge, trustedProxies } from './access/address.ts'
import { type FindKey, keyRing } from './access/keys.ts'
import { LIMITS_DEFAULT, type Limiter, type Limits, limiter } from './access/limits.ts'
import { createPressure, type Pressure } from './access/pressure.ts'
import type { Replicas } from './access/replicas.ts'
import { sampledLog } from './access/sampled-log.ts'
import { createStrangers, type Strangers } from './access/strangers.ts'
import { createTurnstile, type Turnstile } from './access/turnstile.ts'
import type { Config } from './config/config.ts'
import { type ClockSkew, createSkew } from './health/clock-skew.ts'
import { createLag, type Lag } from './health/lag.ts'
import { createTrust } from './health/trust.ts'
import type { Log } from './log.ts'
import { createMetrics, type Metrics } from './metrics/metrics.ts'
import { watchedStore } from './metrics/watched-store.ts'
import type { UrlPolicy } from './webhooks/address.ts'
import { webhookFetch } from './webhooks/fetch.ts'
import { counted, createGate } from './wechat/gate.ts'
import { type Merchant, merchantOf } from './wechat/merchant.ts'

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

/** What a configuration decides; the rest of the world stays. */
type Configured = Pick<World, 'merchants' | 'programs' | 'findKey' | 'limiters' | 'deliver' | 'webhookPolicy' | 'proxies'>

export interface WorldWindows {
  store: Store
  clock?: Clock | undefined
  random?: Random | undefined
  /** The way to WeChat. */
  fetch?: Fetch | undefined
  /** How often a call to WeChat is repeated at once after a network failure, 5xx or 429. Not at all by default: the schedule repeats. */
  retries?: number | undefined
  log?: Log | undefined
  /** The way to merchants' endpoints; checks every address by default. */
  deliver?: Fetch | undefined
}

/** @throws KeyError, TypeError when a merchant's keys cannot work. */
export function createWorld(config: Config, windows: WorldWindows): World {
  const clock = windows.clock ?? systemClock
  const random = windows.random ?? systemRandom
  const metrics = createMetrics()
  const skew = createSkew(clock)
  const store = watchedStore(windows.store, metrics, clock)
  const replicas = { count: 1 }
  const secretKey = secretKeyOf(store, random)
  const strangers = createStrangers(secretKey, clock, replicas)
  const log = windows.log ?? (() => {})
  const inside: Inside = { ...windows, store, clock, random, metrics, skew, replicas, strangers }
  const world: World = {
    clock,
    random,
    store,
    log,
    logOfStrangers: sampledLog(log, clock),
    metrics,
    skew,
    replicas,
    lag: createLag(clock),
    pressure: createPressure(() => world.store, clock, random),
    strangers,
    turnstile: createTurnstile(),
    unknownProxy: proxyWarning(log, clock),
    tokenSecret: secretKey,
    clientSecret: clientSecrets(secretKey),
    ...configured(config, inside),
    reconfigure(next) {
      Object.assign(world, configured(next, inside))
    },
  }
  return world
}

type Inside = WorldWindows & Pick<World, 'clock' | 'random' | 'store' | 'metrics' | 'skew' | 'replicas' | 'strangers'>

function configured(config: Config, inside: Inside): Configured {
  const { clock, metrics } = inside
  return {
    merchants: new Map(config.merchants.map((one) => [one.id, merchantIn(config, one, inside)])),
    programs: new Map(
      config.apps.map((app) => {
        const program = createMiniProgram({ ...app, baseURL: config.wechat.api_url, fetch: inside.fetch, clock })
        return [app.appid, { ...program, code2Session: (code: string) => counted(metrics, 'login', () => program.code2Session(code)) }]
      }),
    ),
    findKey: keyRing(config.api_keys, inside.store, clock, inside.strangers),
    proxies: config.trusted_proxies && trustedProxies(config.trusted_proxies),
    limiters: limitersOf(config.limits ?? {}, clock, inside.replicas),
    deliver: inside.deliver ?? webhookFetch(config.webhooks),
    webhookPolicy: config.webhooks,
  }
}

function merchantIn(
  config: Config,
  one: Config['merchants'][number],
  { clock, random, fetch, retries, metrics, skew, replicas }: Inside,
): Merchant {
  const trust = createTrust()
  const gate = createGate(config.limits?.wechat ?? LIMITS_DEFAULT.wechat, { clock, random, metrics, replicas, trust })
  const { pay_url } = config.wechat
  return merchantOf(one, { clock, random, fetch, retries, pay_url, public_url: config.public_url, gate, trust, heard: skew.heard })
}

function limitersOf(limits: NonNullable<Config['limits']>, clock: Clock, replicas: Replicas): World['limiters'] {
  const of = (name: keyof World['limiters']): Limiter => limiter(limits[name] ?? LIMITS_DEFAULT[name], clock, replicas)
  return { api_key: of('api_key'), session: of('session'), login_address: of('login_address') }
}

/** Derived, not stored: a repeated create gives the same secret, and the orders table holds none. */
function clientSecrets(secretKey: () => Promise<string>): World['clientSecret'] {
  return async (merchant, out_trade_no) => {
    const mac = createHmac('sha256', await secretKey()).update(`${merchant}\n${out_trade_no}`)
    return `cs_${merchant}_${mac.digest('base64url')}`
  }
}

/** Made once per database and read once per process. What is derived from it names what it is for, so that one cannot stand for the other. */
function secretKeyOf(store: Store, random: Random): () => Promise<string> {
  let key: Promise<string> | undefined
  return () => {
    if (key) return key
    key = store.transaction((tx) => tx.settings.keepSecret(CLIENT_SECRET_KEY, Buffer.from(random(32)).toString('hex')))
    key.catch(() => {
      key = undefined
    })
    return key
  }
}

const HOUR_MS = 60 * 60 * 1000

function proxyWarning(log: Log, clock: Clock): World['unknownProxy'] {
  let next = Number.NEGATIVE_INFINITY
  return (peer) => {
    const now = clock.now()
    if (now < next) return
    next = now + HOUR_MS
    log('proxy.unknown', {
      detail: `${peer} sends X-Forwarded-For but is not in trusted_proxies, so all who come through it count as one address`,
    })
  }
}
