// A payment server in a process of its own that dies by SIGKILL at a given crossing of its ports: before, inside or after a transaction, or before or after a
// call. The server's code is the shipped one; only its ports are watched.

import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { checkConfig, createApp, createWorld, deliverDue, settleDue } from '@cashdesk/server'
import { openStore, type Store } from '@cashdesk/store'
import { serve } from '@hono/node-server'
import type { Command, Report, Start } from './protocol.ts'

const start = JSON.parse(process.env['CRASH_START'] ?? '') as Start
// The test may be over already, and its channel closed.
const tell = (report: Report): void => void process.send?.(report, () => undefined)

/** What is in progress, and how many transactions and calls it has made. */
const journey = new AsyncLocalStorage<{ name: string; transactions: number; calls: number }>()
let left = start.crash?.nth ?? 1

function reached(point: string): void {
  const here = `${journey.getStore()?.name ?? 'start'} ${point}`
  if (start.list) tell({ reached: here })
  if (here !== start.crash?.at || --left > 0) return
  process.kill(process.pid, 'SIGKILL')
  // The signal arrives between two turns of the event loop, so nothing more may happen in this one.
  for (;;);
}

function mortalStore(store: Store): Store {
  return {
    ...store,
    transaction(work) {
      const here = journey.getStore()
      const n = here ? ++here.transactions : 0
      reached(`transaction ${n}: before`)
      return store
        .transaction(async (tx) => {
          const value = await work(tx)
          reached(`transaction ${n}: written, not committed`)
          return value
        })
        .then((value) => {
          reached(`transaction ${n}: committed`)
          return value
        })
    },
  }
}

async function mortalFetch(request: Request): Promise<Response> {
  const here = journey.getStore()
  const n = here ? ++here.calls : 0
  reached(`call ${n}: before`)
  const answer = await fetch(request)
  reached(`call ${n}: answered`)
  return answer
}

let offset_ms = start.offset_ms
const now = (): number => Date.now() + offset_ms
const random = (bytes: number): Uint8Array => randomBytes(bytes)
const store = mortalStore(await openStore(start.database_url, { now, random }))
const timer = (delay_ms: number, wake: () => void): (() => void) => {
  const handle = setTimeout(wake, delay_ms)
  return () => clearTimeout(handle)
}
const world = createWorld(checkConfig(start.config), { store, clock: { now, timer }, fetch: mortalFetch, deliver: mortalFetch })
const app = createApp(world)

const NAMES: readonly [RegExp, string][] = [
  [/^POST \/v1\/orders$/, 'create'],
  [/^POST \/v1\/orders\/[^/]+\/refunds$/, 'refund'],
  [/^POST \/client\/v1\/sessions$/, 'login'],
  [/^POST \/client\/v1\/orders\/[^/]+\/pay$/, 'pay'],
  [/^POST \/wechat\/[^/]+\/notify/, 'notify'],
]
function nameOf(request: Request): string {
  const line = `${request.method} ${new URL(request.url).pathname}`
  return NAMES.find(([pattern]) => pattern.test(line))?.[1] ?? 'read'
}
const under = <T>(name: string, act: () => Promise<T>): Promise<T> => journey.run({ name, transactions: 0, calls: 0 }, act)

serve({ hostname: '127.0.0.1', port: start.port, fetch: (request) => under(nameOf(request), () => app.fetch(request)) }, () =>
  tell({ ready: true }),
)

// The test is over, however it ended.
process.on('disconnect', () => process.exit())
process.on('message', async ({ id, act, offset_ms: moved }: Command) => {
  offset_ms = moved
  if (act === 'settle') await under('settle', () => settleDue(world))
  if (act === 'deliver') await under('deliver', () => deliverDue(world))
  if (act === 'audit') tell({ audit: await store.audit(now() - 24 * 3_600_000) })
  tell({ done: id })
})
