// The primary dies under load and its synchronous standby is promoted (G4): nothing acknowledged is lost, and the store recovers by itself.

import { rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openStore, type Store, StoreError } from '@cashdesk/store'
import { expect, test } from 'vitest'
import { anOrder } from '../../packages/store/test/builders.ts'
import { execute } from '../support/database.ts'
import { aFolder, type Cluster, freePort, run, startAgain, startCluster } from '../support/postgres.ts'

const FAILOVERS = Number(process.env['CASHDESK_FAILOVERS'] ?? 3)
const READY_AGAIN_MS = 120_000

/** Like a virtual address or a managed service: one address that leads to the present primary. */
async function anAddress(first: string): Promise<{ url: string; moveTo(url: string): void; close(): void }> {
  let target = new URL(first)
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        client.destroy()
        upstream.destroy()
      })
    }
    client.pipe(upstream).pipe(client)
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `postgres://cashdesk@127.0.0.1:${port}/postgres`,
    moveTo(url) {
      target = new URL(url)
      for (const socket of sockets) socket.destroy()
      sockets.clear()
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** A synchronous standby: nothing is acknowledged before it has confirmed. */
async function aStandby(primary: Cluster): Promise<Cluster> {
  const folder = aFolder()
  run('pg_basebackup', '-d', primary.url, '-D', join(folder, 'data'), '-R', '-X', 'stream', '-c', 'fast')
  const standby = await startAgain(folder, await freePort())
  // Set only now, so that the copy does not wait for a standby when it is promoted.
  await execute(primary.url, `ALTER SYSTEM SET synchronous_standby_names = '*'`)
  await execute(primary.url, 'SELECT pg_reload_conf()')
  for (;;) {
    const rows = await execute(primary.url, `SELECT sync_state FROM pg_stat_replication WHERE sync_state = 'sync'`)
    if (rows.length > 0) return standby
    await pause(50)
  }
}

async function promote(standby: Cluster): Promise<void> {
  run('pg_ctl', 'promote', '-D', join(standby.folder, 'data'), '-w')
}

/** Inserts as fast as it can. Remembers what was acknowledged, and repeats what was refused under the same number. */
function load(store: Store, acknowledged: Set<string>, prefix: string): { stop(): Promise<void> } {
  let going = true
  const worker = async (who: number): Promise<void> => {
    for (let n = 0; going; n++) {
      const out_trade_no = `${prefix}-${who}-${String(n).padStart(5, '0')}`
      while (going) {
        try {
          await store.transaction((tx) => tx.orders.insert(anOrder({ out_trade_no }), null, { source: 'api' }))
          acknowledged.add(out_trade_no)
          break
        } catch (error) {
          if (!(error instanceof StoreError)) throw error
          await pause(20)
        }
      }
    }
  }
  const workers = [0, 1, 2, 3].map(worker)
  return {
    async stop() {
      going = false
      await Promise.all(workers)
    },
  }
}

test(`G4: ${FAILOVERS} times`, async () => {
  const clusters: Cluster[] = []
  let primary = await startCluster()
  clusters.push(primary)
  const address = await anAddress(primary.url)
  let standby = await aStandby(primary)
  clusters.push(standby)
  const store = await openStore(address.url)
  const acknowledged = new Set<string>()
  const took: number[] = []
  try {
    for (let n = 0; n < FAILOVERS; n++) {
      const working = load(store, acknowledged, `F${n}`)
      await pause(1000)
      await primary.kill()
      const began = performance.now()
      await promote(standby)
      primary = standby
      address.moveTo(primary.url)
      const before = acknowledged.size
      while (acknowledged.size === before && performance.now() - began < READY_AGAIN_MS) await pause(20)
      took.push(performance.now() - began)
      expect(acknowledged.size, 'ready again').toBeGreaterThan(before)
      await pause(300)
      await working.stop()
      const kept = await execute(primary.url, 'SELECT out_trade_no FROM orders')
      const there = new Set(kept.map((row) => String(row['out_trade_no'])))
      expect(
        [...acknowledged].filter((number) => !there.has(number)),
        'acknowledged and lost',
      ).toEqual([])
      expect(await store.audit(0)).toEqual([])
      if (n + 1 === FAILOVERS) break
      standby = await aStandby(primary)
      clusters.push(standby)
    }
    console.log(`${acknowledged.size} acknowledged, none lost; ready again after ${took.map((ms) => `${Math.round(ms)} ms`).join(', ')}`)
  } finally {
    await store.close()
    address.close()
    for (const cluster of clusters) {
      await cluster.kill().catch(() => undefined)
      rmSync(cluster.folder, { recursive: true, force: true })
    }
  }
}, 1_200_000)
