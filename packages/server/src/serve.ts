// The server on a socket, with its schedule, until it is told to stop.

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
import { mendSchedule } from './jobs/schedule.ts'
import { settleDue } from './jobs/settler.ts'
import { createDeliverer } from './journeys/deliver-event.ts'
import type { Log } from './log.ts'
import type { World } from './world.ts'

export interface ServeOptions {
  /** `sqlite:PATH`. */
  database_url: string
  /** 0 picks a free one. */
  port: number
  hostname?: string | undefined
  fetch?: Fetch | undefined
  log?: Log | undefined
  /** The machine's times; for tests of clocks that jump. */
  times?: Times | undefined
  /** Of a database whose schema is behind: applied when absent. */
  migrations?: StoreOptions['migrations']
}

export interface RunningServer {
  url: string
  /** See `World.reconfigure`: keys are changed without a restart. */
  reconfigure(config: Config): void
  /** Takes no more requests, ends what is under way, closes the database. */
  close(): Promise<void>
}

/** Between two rounds that found nothing to do. */
const ROUND_PAUSE_MS = 1000
/** Between two that did: a backlog is worked off at a hundred looks a second, beside whatever else there is (reliability D6). */
const BACKLOG_PAUSE_MS = 200
/** What is under way at the end gets so long (reliability K1). */
const DRAIN_MS = 25_000

/** Connections that the system keeps until we take them. With Node's 511 the rest of a crowd is dropped unheard, and tries again seconds later. */
const BACKLOG = 4096

const CLOCK_PAUSE_MS = 60_000
const SYSTEM_TIMES: Times = { wall: () => Date.now(), monotonic: () => performance.now() }
const DAY_MS = 24 * 60 * 60 * 1000

/** @throws StoreError, ConfigError, KeyError before anything listens. */
export async function startServer(config: Config, options: ServeOptions): Promise<RunningServer> {
  // Before there is a database: a server that cannot verify WeChat must not begin.
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
  // Whenever one delivery has ended there is room for another.
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
    // A little later: by then WeChat's certificates have come with the time.
    startLoop(world, 'certificates', { idle: DAY_MS, first: CLOCK_PAUSE_MS }, warnOfExpiry),
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
      // A database that is away will find out by itself.
      await presence.leave().catch(() => undefined)
      await store.close()
    },
  }
}

/** Memory, processor, garbage, event loop: of the process, so only where there is one of it. */
function measureProcess(world: World): () => void {
  collectDefaultMetrics({ register: world.metrics.registry })
  const stops = [world.lag.start(), world.pressure.start()]
  return () => {
    for (const stop of stops) stop()
  }
}

/** No new connection; those with a request under way end with its answer, or when the time is over. */
async function ended(server: ServerType, clock: Clock): Promise<void> {
  // The kernel queues connections while this process computes, and resets the queue when the socket closes: right after the sockets were polled it is empty.
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

/** Two names for one request: a proxy may have checked the one and we would serve the other. */
function hasOneHost(env: unknown): boolean {
  const raw = (env as { incoming?: { rawHeaders?: string[] } }).incoming?.rawHeaders ?? []
  return raw.filter((text, i) => i % 2 === 0 && text.length === 4 && text.toLowerCase() === 'host').length < 2
}

const TWO_HOSTS = new Response('More than one Host header.\n请求含有多个 Host 头。\n', { status: 400 })

/** A connection that is gone already has no address any more; what it asked for is limited all the same. */
function peerOf(env: unknown): string {
  return (env as { incoming?: { socket?: { remoteAddress?: string } } }).incoming?.socket?.remoteAddress ?? 'gone'
}
