// Runs the server on a socket, together with its background loops, until `close` is called.

import type { AddressInfo } from 'node:net'
import { setImmediate as polled } from 'node:timers/promises'
import { type Clock, type Fetch, systemClock, systemRandom } from '@cashdesk/sdk'
import { openStore, type StoreOptions } from '@cashdesk/store'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import { collectDefaultMetrics } from 'prom-client'
import { BEAT_PAUSE_MS, createPresence } from './access/replicas.ts'
import { withReserve } from './access/reserve.ts'
import { type App, createApp } from './app.ts'
import { createWorld } from './assembly.ts'
import { type Config, refuseWrongKeys } from './config/config.ts'
import { warnOfExpiry } from './health/certificates.ts'
import { steadyClock, type Times } from './health/steady-clock.ts'
import { askTheTime } from './jobs/ask-the-time.ts'
import { AUDIT_PAUSE_MS, createAuditor } from './jobs/auditor.ts'
import { startLoop } from './jobs/loop.ts'
import { reconcileDue } from './jobs/reconciler.ts'
import { mendSchedule } from './jobs/schedule.ts'
import { settleDue } from './jobs/settler.ts'
import { createDeliverer } from './journeys/deliver-event.ts'
import type { Log } from './log.ts'
import type { World } from './world.ts'

/** Options of `startServer`. Merchants and keys come from the configuration. */
export interface ServeOptions {
  /** `sqlite:PATH` or `postgres://…`; see `openStore`. */
  database_url: string
  /** 0 picks a free port. */
  port: number
  hostname?: string | undefined
  fetch?: Fetch | undefined
  log?: Log | undefined
  /** The machine's wall and monotonic time. Tests replace it to make a clock jump. */
  times?: Times | undefined
  /** What to do with a database whose schema is older than this version. Migrations are applied when this is absent. */
  migrations?: StoreOptions['migrations']
}

export interface RunningServer {
  url: string
  /** Changes keys, merchants and programs without a restart; see `World.reconfigure`. */
  reconfigure(config: Config): void
  /** Accepts no more requests, waits for those under way, then closes the database. */
  close(): Promise<void>
}

/** Pause of a loop after a round that found nothing to do. */
const ROUND_PAUSE_MS = 1000
/** Pause after a round that found work: a backlog is worked off at about a hundred checks a second, which leaves capacity for other work (reliability D6). */
const BACKLOG_PAUSE_MS = 200
/** How long requests that are under way may take to finish after `close` (reliability K1). */
const DRAIN_MS = 25_000

/**
 * Length of the kernel's queue of connections that we have not accepted yet. Node's default is
 * 511; beyond it the kernel drops connections silently, and clients retry only seconds later.
 */
const BACKLOG = 4096

const CLOCK_PAUSE_MS = 60_000
const SYSTEM_TIMES: Times = { wall: () => Date.now(), monotonic: () => performance.now() }
const DAY_MS = 24 * 60 * 60 * 1000

/** Opens the database, starts the loops and listens. @throws StoreError, ConfigError, KeyError before anything listens. */
export async function startServer(config: Config, options: ServeOptions): Promise<RunningServer> {
  // Keys are checked before the database is opened: a server that cannot verify WeChat must not start.
  refuseWrongKeys(config)
  const { log } = options
  const clock = steadyClock(options.times ?? SYSTEM_TIMES, systemClock.timer, (event, ms) =>
    log?.(event, { detail: `${Math.round(ms / 1000)} s` }),
  )
  const store = await openStore(options.database_url, {
    data_keys: config.data_keys,
    random: systemRandom,
    now: clock.now,
    migrations: options.migrations,
    note: (event, detail) => log?.(event, { detail }),
  })
  const world = createWorld(config, { store, clock, fetch: options.fetch, retries: 1, log })
  const app = createApp(world)
  const hostname = options.hostname ?? '127.0.0.1'
  const server = await listen(app.fetch, hostname, options.port).catch(async (error: unknown) => {
    await store.close()
    throw error
  })
  // A finished delivery frees a slot, so it wakes the loop instead of waiting for the next round.
  const vital = withReserve(world)
  const deliverer = createDeliverer(vital, () => deliveries.wake())
  const deliveries = startLoop(vital, 'deliveries', { idle: ROUND_PAUSE_MS }, deliverer.round)
  const presence = createPresence(vital)
  const loops = [
    startLoop(vital, 'settler', { idle: ROUND_PAUSE_MS, busy: BACKLOG_PAUSE_MS }, settleDue),
    deliveries,
    startLoop(world, 'presence', { idle: BEAT_PAUSE_MS }, presence.round),
    startLoop(world, 'clock', { idle: CLOCK_PAUSE_MS }, askTheTime),
    startLoop(vital, 'schedule', { idle: CLOCK_PAUSE_MS }, mendSchedule),
    // Starts a minute later, because the `clock` loop has downloaded WeChat's certificates by then.
    startLoop(world, 'certificates', { idle: DAY_MS, first: CLOCK_PAUSE_MS }, warnOfExpiry),
    startLoop(world, 'books', { idle: CLOCK_PAUSE_MS, busy: BACKLOG_PAUSE_MS }, reconcileDue),
    startLoop(world, 'audit', { idle: AUDIT_PAUSE_MS }, createAuditor(world).round),
  ]
  const stopMeasuring = measureProcess(world)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${hostname}:${port}`,
    reconfigure: (next) => world.reconfigure(next),
    async close() {
      app.drain()
      stopMeasuring()
      await Promise.all(loops.map((loop) => loop.stop()))
      await deliverer.idle()
      await ended(server, world.clock)
      // If the database is unreachable, our row stays, and the other servers stop counting it after 30 s.
      await presence.leave().catch(() => undefined)
      await store.close()
    },
  }
}

/** Starts the metrics of memory, CPU, garbage collection and event loop. They describe the whole process, so they start here, once, and not in `createApp`. */
function measureProcess(world: World): () => void {
  collectDefaultMetrics({ register: world.metrics.registry })
  const stops = [world.lag.start(), world.pressure.start()]
  return () => {
    for (const stop of stops) stop()
  }
}

/** Accepts no new connection. A connection with a request under way ends with its answer, or after DRAIN_MS. */
async function ended(server: ServerType, clock: Clock): Promise<void> {
  // While this process computes, the kernel queues new connections; closing the socket
  // resets those. Right after the event loop has polled its sockets the queue is empty.
  await polled()
  const cancel = clock.timer(DRAIN_MS, () => {
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    if ('closeIdleConnections' in server) server.closeIdleConnections()
  })
  cancel()
}

function listen(fetch: App['fetch'], hostname: string, port: number): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = createAdaptorServer({
      fetch: (request, env) => (hasOneHost(env) ? fetch(request, peerOf(env)) : TWO_HOSTS.clone()),
      hostname,
    })
    server.once('error', reject)
    server.listen({ port, host: hostname, backlog: BACKLOG }, () => resolve(server))
  })
}

/** False for a request with two Host headers: a proxy may have checked one of them while we would serve the other. */
function hasOneHost(env: unknown): boolean {
  const raw = (env as { incoming?: { rawHeaders?: string[] } }).incoming?.rawHeaders ?? []
  return raw.filter((text, i) => i % 2 === 0 && text.length === 4 && text.toLowerCase() === 'host').length < 2
}

const TWO_HOSTS = new Response('More than one Host header.\n请求含有多个 Host 头。\n', { status: 400 })

/** The remote address. A connection that has already closed has none; such requests share the name `gone`, so that limits apply to them too. */
function peerOf(env: unknown): string {
  return (env as { incoming?: { socket?: { remoteAddress?: string } } }).incoming?.socket?.remoteAddress ?? 'gone'
}
