// PostgreSQL's own promises: many at once, connections that die, migrations that race, and a server that does not answer.

import { readdirSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import pg from 'pg'
import { expect, test } from 'vitest'
import { aDatabase, execute } from '../../../../test/support/database.ts'
import { openStore, type StoreError } from '../../src/index.ts'
import { aStore, random } from '../a-store.ts'
import { anOrder, becomes, NOW, ordering } from '../builders.ts'

const api = { source: 'api' } as const
const windows = { now: () => NOW, random }

test('G12: several that start at once on an empty database migrate it once', async () => {
  const url = await aDatabase()
  const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(url, windows)))
  const rows = await execute(url, 'SELECT name FROM migrations ORDER BY name')
  const files = readdirSync(new URL('../../migrations/', import.meta.url)).filter((name) => name.endsWith('.postgres.sql'))
  expect(rows.map(({ name }) => name)).toEqual(files.sort())
  await Promise.all(stores.map((store) => store.close()))
})

test('G6: two that lock in opposite order both come through', async () => {
  const store = await aStore()
  for (const n of ['ORDER-0001', 'ORDER-0002']) await store.transaction((tx) => tx.orders.insert(anOrder({ out_trade_no: n }), null, api))
  let met = 0
  let meet: () => void = () => undefined
  const both = new Promise<void>((resolve) => {
    meet = resolve
  })
  const crossing = (first: string, second: string) =>
    store.transaction(async (tx) => {
      await tx.orders.lock('shop', first)
      if (++met === 2) meet()
      await both
      await tx.orders.lock('shop', second)
      return first
    })
  expect(await Promise.all([crossing('ORDER-0001', 'ORDER-0002'), crossing('ORDER-0002', 'ORDER-0001')])).toEqual([
    'ORDER-0001',
    'ORDER-0002',
  ])
  await store.close()
})

test('the same order inserted by many at once is there once', async () => {
  const url = await aDatabase()
  const stores = await Promise.all([1, 2, 3].map(() => openStore(url, windows)))
  const said = await Promise.all(
    Array.from({ length: 30 }, (_, i) => stores[i % 3]?.transaction((tx) => tx.orders.insert(anOrder({ reference: 'cart' }), null, api))),
  )
  expect(said.filter((one) => one === 'inserted')).toHaveLength(1)
  expect(said.filter((one) => one === 'number taken')).toHaveLength(29)
  await Promise.all(stores.map((store) => store.close()))
})

test('G3: a connection that is cut in a transaction loses that transaction and nothing else', async () => {
  const url = await aDatabase()
  const store = await openStore(`${url}&pool_max=1&application_name=cut`, windows)
  await store.transaction((tx) => tx.orders.insert(anOrder(), null, api))
  const cut = store.transaction(async (tx) => {
    // The update is sent, the row of the history not yet.
    await tx.orders.record(anOrder(), becomes(anOrder(), ordering), api, NOW)
    const found = await execute(
      url,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND application_name = 'cut'",
    )
    expect(found).toHaveLength(1)
  })
  await expect(cut).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect((await store.transaction((tx) => tx.orders.find('shop', 'ORDER-0001')))?.state).toBe('created')
  await store.close()
})

test('G6: a read-only database is said, and nothing is half written', async () => {
  const url = await aDatabase()
  await (await openStore(url, windows)).close()
  const store = await openStore(url.replace('options=', 'options=-cdefault_transaction_read_only%3Don%20'), windows)
  await expect(store.transaction((tx) => tx.orders.insert(anOrder(), null, api))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect(await store.transaction((tx) => tx.orders.find('shop', 'ORDER-0001'))).toBeUndefined()
  await store.close()
})

test('a work’s own error is handed on and undoes it', async () => {
  const store = await aStore()
  const failing = store.transaction(async (tx) => {
    await tx.orders.insert(anOrder(), null, api)
    throw new RangeError('mine')
  })
  await expect(failing).rejects.toThrow(RangeError)
  expect(await store.transaction((tx) => tx.orders.find('shop', 'ORDER-0001'))).toBeUndefined()
  await store.close()
})

/** Passes bytes on until it is told to keep them. */
async function aProxy(to: URL): Promise<{ port: number; hold(): void; server: Server; close(): void }> {
  const { connect } = await import('node:net')
  let holding = false
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(Number(to.port), to.hostname)
    for (const [from, into] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => undefined)
      from.on('data', (chunk: Buffer) => void (holding || into.write(chunk)))
      from.on('close', () => into.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    server,
    port: typeof address === 'object' && address ? address.port : 0,
    hold: () => {
      holding = true
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

test('A5: with every ordinary connection taken, a reserved transaction is served at once', async () => {
  const url = new URL(await aDatabase())
  url.searchParams.set('pool_max', '2')
  const store = await openStore(url.href, windows)
  const held = Promise.withResolvers<void>()
  const taken = Array.from({ length: 2 }, () => store.transaction(async () => held.promise))
  const waiting = store.transaction(async () => 'ordinary')
  expect(await store.transaction(async () => 'reserved', 'reserved')).toBe('reserved')
  expect(await Promise.race([waiting, Promise.resolve('still waiting')])).toBe('still waiting')
  held.resolve()
  expect(await waiting).toBe('ordinary')
  await Promise.all(taken)
  await store.close()
})

test('C7: a database that no longer answers is an error in less than five seconds', async () => {
  const url = new URL(await aDatabase())
  const proxy = await aProxy(new URL(url))
  url.port = String(proxy.port)
  const store = await openStore(url.href, windows)
  proxy.hold()
  const began = performance.now()
  const refused = (await store.transaction((tx) => tx.orders.insert(anOrder(), null, api)).catch((error: unknown) => error)) as StoreError
  expect(refused.code).toBe('STORE_UNAVAILABLE')
  expect(performance.now() - began).toBeLessThan(5000)
  proxy.close()
  await store.close()
})

test('C7: the same for one that falls silent in the middle of a transaction', async () => {
  const url = new URL(await aDatabase())
  const proxy = await aProxy(new URL(url))
  url.port = String(proxy.port)
  const store = await openStore(url.href, windows)
  let began = 0
  const refused = store.transaction(async (tx) => {
    await tx.orders.insert(anOrder(), null, api)
    proxy.hold()
    began = performance.now()
    await tx.orders.find('shop', 'ORDER-0001')
  })
  await expect(refused).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect(performance.now() - began).toBeLessThan(5000)
  proxy.close()
  await store.close()
})

test('numbers come back as numbers', async () => {
  const store = await aStore()
  await store.transaction((tx) => tx.orders.insert(anOrder({ amount: { total: 1_000_000_000, currency: 'CNY' } }), null, api))
  expect((await store.transaction((tx) => tx.orders.find('shop', 'ORDER-0001')))?.amount.total).toBe(1_000_000_000)
  // Only ours: whoever uses pg beside us keeps his parsers.
  expect(pg.types.getTypeParser(20)('1')).not.toBe(1)
  await store.close()
})
