// Transactions: all or nothing, each for itself, on either engine; and migrations.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aDatabase, ENGINE, execute } from '../../../test/support/database.ts'
import { openStore, type Store, StoreError } from '../src/index.ts'
import { aStore } from './a-store.ts'
import { anOrder, NOW } from './builders.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-store-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const api = { source: 'api' } as const
const numbers = async (store: Store) =>
  (await store.transaction((tx) => tx.orders.list('shop', { limit: 100 }))).map((order) => order.out_trade_no)

test('of transactions that share a commit, only the failing one is undone', async () => {
  const store = await aStore()
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) =>
      store.transaction(async (tx) => {
        await tx.orders.insert(anOrder({ out_trade_no: `ORDER-${1000 + i}` }), null, api)
        if (i % 2 === 1) throw new Error(`no ${i}`)
        return i
      }),
    ),
  )
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(10)
  expect(results[3]).toMatchObject({ status: 'rejected', reason: new Error('no 3') })
  expect(await numbers(store)).toHaveLength(10)
  await store.close()
})

describe('migrations', () => {
  test.each([
    ['of a newer Cashdesk', "INSERT INTO migrations VALUES ('9999-later.sql', 'x', 1)", 'newer Cashdesk (9999-later'],
    ['that were changed afterwards', "UPDATE migrations SET checksum = 'x'", 'is not the one that was applied'],
  ])('%s stop the start', async (_, sql, message) => {
    const url = await aDatabase(join(folder, 'm.db'))
    await (await aStore(url)).close()
    await execute(url, sql)
    await expect(aStore(url)).rejects.toThrow(message)
  })
})

test.each(['mysql://x:secret@y', 'sqlite:', ''])('a URL we do not know is refused without showing it: %j', async (url) => {
  const refused: unknown = await openStore(url).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(StoreError)
  expect(String(refused)).not.toContain('secret')
})

test('A2: sessions end, and the expired ones go', async () => {
  const store = await aStore()
  const session = { token_hash: 'h', appid: 'wx', openid: 'o', created_at: NOW, expires_at: NOW + 10 }
  await store.transaction((tx) => tx.sessions.insert(session))
  const find = (now: number) => store.transaction((tx) => tx.sessions.find('h', now))
  expect(await find(NOW + 9)).toEqual(session)
  expect(await find(NOW + 10)).toBeUndefined()
  await store.transaction((tx) => tx.sessions.removeExpired(NOW + 10))
  expect(await find(NOW)).toBeUndefined()
  await store.close()
})

describe('G7: the reserved lane', () => {
  test('goes before ordinary transactions that came first', async () => {
    const store = await aStore()
    const done: string[] = []
    // The ordinary ones hold every connection there is, and a queue waits behind them. SQLite has one connection, which its first one holds.
    const held = Promise.withResolvers<void>()
    const ordinary = Array.from({ length: 150 }, (_, i) =>
      store.transaction(async (tx) => {
        await tx.settings.get('x')
        if (i === 0 || ENGINE === 'postgres') await held.promise
        done.push('ordinary')
      }),
    )
    const reserved = store.transaction(async (tx) => {
      await tx.settings.get('x')
      done.push('reserved')
    }, 'reserved')
    if (ENGINE === 'sqlite') held.resolve()
    await reserved
    // On SQLite those that share a commit with the first one are done by now; the queue behind them is not.
    expect(done.indexOf('reserved')).toBeLessThan(ENGINE === 'sqlite' ? 100 : 1)
    held.resolve()
    await Promise.all(ordinary)
    expect(done).toHaveLength(151)
    await store.close()
  })

  test('is no part of the backlog, which tells how long the oldest ordinary one has waited to begin', async () => {
    const store = await aStore()
    expect(store.backlog_ms()).toBe(0)
    const held = Promise.withResolvers<void>()
    // More than share one commit, and more than there are connections.
    const first = Array.from({ length: 150 }, () => store.transaction(async () => held.promise))
    await expect.poll(() => store.backlog_ms()).toBeGreaterThan(20)
    held.resolve()
    await Promise.all(first)
    expect(store.backlog_ms()).toBe(0)
    await store.close()
  })
})
