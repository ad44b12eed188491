// SQLite's own promises: durable before answered, and one process per file.

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../src/index.ts'
import { aStore } from '../a-store.ts'
import { anOrder } from '../builders.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-store-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const api = { source: 'api' } as const
const numbers = async (store: Store) =>
  (await store.transaction((tx) => tx.orders.list('shop', { limit: 100 }))).map((order) => order.out_trade_no)

test('an answer is given only after the commit, and survives a kill at that moment', () => {
  const path = join(folder, 'kill.db')
  const script = `
    import { openStore } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).pathname)}
    import { anOrder } from ${JSON.stringify(new URL('../builders.ts', import.meta.url).pathname)}
    const store = await openStore('sqlite:${path}')
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
    const first = await aStore(`sqlite:${path}`)
    const script = `
      import { openStore } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).pathname)}
      try { await openStore('sqlite:${path}') } catch (error) { console.log(error.code + ' ' + error.message) }`
    const out = execFileSync(process.execPath, ['--conditions=@cashdesk/source', '--input-type=module-typescript', '-e', script], {
      encoding: 'utf8',
    })
    expect(out).toMatch(/^STORE_IN_USE Another process uses .*shared\.db/)
    await first.close()
    const second = await aStore(`sqlite:${path}`)
    await second.close()
  })

  test('what one kept, the next finds', async () => {
    const path = join(folder, 'kept.db')
    const first = await aStore(`sqlite:${path}`)
    await first.transaction((tx) => tx.orders.insert(anOrder(), null, api))
    const key = await first.transaction((tx) => tx.settings.keep('key', 'a'))
    await first.close()
    const second = await aStore(`sqlite:${path}`)
    expect(await numbers(second)).toEqual(['ORDER-0001'])
    expect(await second.transaction((tx) => tx.settings.keep('key', 'b'))).toBe(key)
    await second.close()
  })
})
