// Builds the world from its windows and a configuration. The part that depends on the configuration is built again when that changes.

import { createHmac } from 'node:crypto'
import { type Clock, createMiniProgram, type Fetch, type Random, systemClock, systemRandom } from '@cashdesk/sdk'
import { CLIENT_SECRET_KEY, type Store } from '@cashdesk/store'
import { trustedProxies } from './access/address.ts'
import { keyRing } from './access/keys.ts'
import { LIMITS_DEFAULT, type Limiter, limiter } from './access/limits.ts'
import { createPressure } from './access/pressure.ts'
import type { Replicas } from './access/replicas.ts'
import { sampledLog } from './access/sampled-log.ts'
import { createStrangers } from './access/strangers.ts'
import { createTurnstile } from './access/turnstile.ts'
import type { Config } from './config/config.ts'
import { createSkew } from './health/clock-skew.ts'
import { createLag } from './health/lag.ts'
import { createTrust } from './health/trust.ts'
import type { Log } from './log.ts'
import { createMetrics } from './metrics/metrics.ts'
import { watchedStore } from './metrics/watched-store.ts'
import { webhookFetch } from './webhooks/fetch.ts'
import { counted, createGate } from './wechat/gate.ts'
import { type Merchant, merchantOf } from './wechat/merchant.ts'
import type { World } from './world.ts'

/** The part of the world that depends on the configuration; `reconfigure` replaces it and leaves the rest. */
type Configured = Pick<World, 'merchants' | 'programs' | 'findKey' | 'limiters' | 'deliver' | 'webhookPolicy' | 'proxies'>

/** The windows to the outside. Tests replace them; all but the store have real defaults. */
export interface WorldWindows {
  store: Store
  clock?: Clock | undefined
  random?: Random | undefined
  /** Sends requests to WeChat. */
  fetch?: Fetch | undefined
  /** How many times a call to WeChat is repeated immediately after a network failure, 5xx or 429. None by default: the schedule repeats it later. */
  retries?: number | undefined
  log?: Log | undefined
  /** Sends events to merchants' endpoints. The default checks every address that it connects to. */
  deliver?: Fetch | undefined
}

/** Builds the world of one server process. @throws KeyError, TypeError when a merchant's keys cannot work. */
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
  const assembly: Assembly = { ...windows, store, clock, random, metrics, skew, replicas, strangers }
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
    ...configured(config, assembly),
    reconfigure(next) {
      Object.assign(world, configured(next, assembly))
    },
  }
  return world
}

type Assembly = WorldWindows & Pick<World, 'clock' | 'random' | 'store' | 'metrics' | 'skew' | 'replicas' | 'strangers'>

function configured(config: Config, assembly: Assembly): Configured {
  const { clock, metrics } = assembly
  return {
    merchants: new Map(config.merchants.map((one) => [one.id, merchantIn(config, one, assembly)])),
    programs: new Map(
      config.apps.map((app) => {
        const program = createMiniProgram({ ...app, baseURL: config.wechat.api_url, fetch: assembly.fetch, clock })
        return [app.appid, { ...program, code2Session: (code: string) => counted(metrics, 'login', () => program.code2Session(code)) }]
      }),
    ),
    findKey: keyRing(config.api_keys, assembly.store, clock, assembly.strangers),
    proxies: config.trusted_proxies && trustedProxies(config.trusted_proxies),
    limiters: limitersOf(config.limits ?? {}, clock, assembly.replicas),
    deliver: assembly.deliver ?? webhookFetch(config.webhooks),
    webhookPolicy: config.webhooks,
  }
}

function merchantIn(
  config: Config,
  one: Config['merchants'][number],
  { clock, random, fetch, retries, metrics, skew, replicas }: Assembly,
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

/** The client secret is derived, not stored: a repeated create returns the same secret, and the orders table contains none. */
function clientSecrets(secretKey: () => Promise<string>): World['clientSecret'] {
  return async (merchant, out_trade_no) => {
    const mac = createHmac('sha256', await secretKey()).update(`${merchant}\n${out_trade_no}`)
    return `cs_${merchant}_${mac.digest('base64url')}`
  }
}

/**
 * The secret key is created once per database and read once per process. Every
 * value derived from it includes its purpose, so that none can be used as another.
 */
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
