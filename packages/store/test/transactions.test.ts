// Transactions: all or nothing, each for itself although they share a commit; and one process per file.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore, StoreError } from '../src/index.ts'
import { anOrder, aStore, NOW } from './builders.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-store-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const api = { source: 'api' } as const
const numbers = async (store: ReturnType<typeof aStore>) =>
  (await store.transaction((tx) => tx.orders.list('shop', { limit: 100 }))).map((order) => order.out_trade_no)

test('of transactions that share a commit, only the failing one is undone', async () => {
  const store = aStore()
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

test('an answer is given only after the commit, and survives a kill at that moment', () => {
  const path = join(folder, 'kill.db')
  const script = `
    import { openStore } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).pathname)}
    import { anOrder } from ${JSON.stringify(new URL('./builders.ts', import.meta.url).pathname)}
    const store = openStore('sqlite:${path}')
    for (let i = 0; ; i++) {
      const order = anOrder({ out_trade_no: 'ORDER-' + (1000 + i) })
      await store.transaction((tx) => tx.orders.insert(order, null, { source: 'api' }))
      console.log(order.out_trade_no)
      if (i === 30) process.kill(process.pid, 'SIGKILL')
    }`
  const run = spawnSync(process.execPath, ['--conditions=@cashdesk/source', '--input-type=module-typescript', '-e', script], {
    encoding: 'utf8',
  })
  expect(run.signal).toBe('SIGKILL')
  const acknowledged = run.stdout.trim().split('\n')
  expect(acknowledged).toHaveLength(31)
  const kept = new DatabaseSync(path).prepare('SELECT out_trade_no FROM orders ORDER BY out_trade_no').all()
  expect(kept.map((row) => row['out_trade_no'])).toEqual(acknowledged)
})

describe('one process per file (G11)', () => {
  test('a second one refuses to start, and says why', async () => {
    const path = join(folder, 'shared.db')
    const first = aStore(`sqlite:${path}`)
    const script = `
      import { openStore } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).pathname)}
      try { openStore('sqlite:${path}') } catch (error) { console.log(error.code + ' ' + error.message) }`
    const out = execFileSync(process.execPath, ['--conditions=@cashdesk/source', '--input-type=module-typescript', '-e', script], {
      encoding: 'utf8',
    })
    expect(out).toMatch(/^STORE_IN_USE Another process uses .*shared\.db/)
    await first.close()
    const second = aStore(`sqlite:${path}`)
    await second.close()
  })

  test('what one kept, the next finds', async () => {
    const path = join(folder, 'kept.db')
    const first = aStore(`sqlite:${path}`)
    await first.transaction((tx) => tx.orders.insert(anOrder(), null, api))
    const key = await first.transaction((tx) => tx.settings.keep('key', 'a'))
    await first.close()
    const second = aStore(`sqlite:${path}`)
    expect(await numbers(second)).toEqual(['ORDER-0001'])
    expect(await second.transaction((tx) => tx.settings.keep('key', 'b'))).toBe(key)
    await second.close()
  })
})

describe('migrations', () => {
  const change = (sql: string) => {
    const database = new DatabaseSync(join(folder, 'm.db'))
    database.exec(sql)
    database.close()
  }
  test.each([
    ['of a newer Cashdesk', "INSERT INTO migrations VALUES ('9999-later.sqlite.sql', 'x', 1)", 'newer Cashdesk (9999-later'],
    ['that were changed afterwards', "UPDATE migrations SET checksum = 'x'", 'is not the one that was applied'],
  ])('%s stop the start', async (_, sql, message) => {
    await aStore(`sqlite:${join(folder, 'm.db')}`).close()
    change(sql)
    expect(() => aStore(`sqlite:${join(folder, 'm.db')}`)).toThrow(message)
  })
})

test.each(['mysql://x:secret@y', 'sqlite:', ''])('a URL we do not know is refused without showing it: %j', (url) => {
  expect(() => openStore(url)).toThrow(StoreError)
  expect(() => openStore(url)).not.toThrow('secret')
})

test('sessions end, and the expired ones go', async () => {
  const store = aStore()
  const session = { token_hash: 'h', appid: 'wx', openid: 'o', created_at: NOW, expires_at: NOW + 10 }
  await store.transaction((tx) => tx.sessions.insert(session))
  const find = (now: number) => store.transaction((tx) => tx.sessions.find('h', now))
  expect(await find(NOW + 9)).toEqual(session)
  expect(await find(NOW + 10)).toBeUndefined()
  await store.transaction((tx) => tx.sessions.removeExpired(NOW + 10))
  expect(await find(NOW)).toBeUndefined()
  await store.close()
})
