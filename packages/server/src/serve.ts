// The server on a socket, with its schedule, until it is told to stop.

import type { AddressInfo } from 'node:net'
import type { Clock, Fetch } from '@cashdesk/sdk'
import { openStore } from '@cashdesk/store'
import { type ServerType, serve } from '@hono/node-server'
import { type App, createApp } from './app.ts'
import type { Config } from './config.ts'
import { startLoop } from './jobs/loop.ts'
import { settleDue } from './jobs/settler.ts'
import { createDeliverer } from './journeys/deliver-event.ts'
import { createWorld, type Log } from './world.ts'

export interface ServeOptions {
  /** `sqlite:PATH`. */
  database_url: string
  /** 0 picks a free one. */
  port: number
  hostname?: string | undefined
  fetch?: Fetch | undefined
  log?: Log | undefined
}

export interface RunningServer {
  url: string
  /** See `World.reconfigure`: keys are changed without a restart. */
  reconfigure(config: Config): void
  /** Takes no more requests, ends what is under way, closes the database. */
  close(): Promise<void>
}

/** Between two rounds of the schedule. */
const ROUND_PAUSE_MS = 1000
/** What is under way at the end gets so long (reliability K1). */
const DRAIN_MS = 25_000

/** @throws StoreError, ConfigError, KeyError before anything listens. */
export async function startServer(config: Config, options: ServeOptions): Promise<RunningServer> {
  const store = await openStore(options.database_url, {
    data_keys: config.data_keys,
    note: (event, detail) => options.log?.(event, { detail }),
  })
  const world = createWorld(config, { store, fetch: options.fetch, retries: 1, log: options.log })
  const app = createApp(world)
  const hostname = options.hostname ?? '127.0.0.1'
  const server = await listen(app.fetch, hostname, options.port).catch(async (error: unknown) => {
    await store.close()
    throw error
  })
  const deliverer = createDeliverer(world)
  const loops = [startLoop(world, 'settler', ROUND_PAUSE_MS, settleDue), startLoop(world, 'deliveries', ROUND_PAUSE_MS, deliverer.round)]
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${hostname}:${port}`,
    reconfigure: (next) => world.reconfigure(next),
    async close() {
      app.drain()
      await Promise.all(loops.map((loop) => loop.stop()))
      await deliverer.idle()
      await ended(server, world.clock)
      await store.close()
    },
  }
}

/** No new connection; those with a request under way end with its answer, or when the time is over. */
async function ended(server: ServerType, clock: Clock): Promise<void> {
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
    const server = serve({ fetch: (request, env) => fetch(request, peerOf(env)), hostname, port }, () => resolve(server))
    server.once('error', reject)
  })
}

function peerOf(env: unknown): string | undefined {
  return (env as { incoming?: { socket?: { remoteAddress?: string } } }).incoming?.socket?.remoteAddress
}
