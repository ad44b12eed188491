// G2 with PostgreSQL's own tools: pg_dump of a database in use, loss of the machine, pg_restore, repair; then the data is what the bank says.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWorld, repair } from '@cashdesk/server'
import { openStore } from '@cashdesk/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cluster, run, startCluster } from '../support/postgres.ts'
import { aWorld, DATA_KEY, HOUR, type TestWorld } from '../support/world.ts'

let cluster: Cluster
let folder: string
beforeAll(async () => {
  cluster = await startCluster()
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-drill-'))
  chmodSync(folder, 0o777)
})
afterAll(async () => {
  await cluster.stop()
  rmSync(folder, { recursive: true })
})

const named = (name: string): string => {
  const url = new URL(cluster.url)
  url.pathname = `/${name}`
  return url.href
}

/** Places an order and begins its payment. */
async function begun(world: TestWorld, out_trade_no: string): Promise<Parameters<TestWorld['emulator']['cashier']>[0]> {
  const { appid, users } = world.emulator.settings
  const openid = users[0]?.openid ?? ''
  const order = { merchant: 'shop', out_trade_no, description: 'x', amount: { total: 2800 }, payer: { appid, openid }, pay: true }
  const made = await world.api('/v1/orders', { method: 'POST', json: order })
  expect(made.status).toBe(201)
  const { payment } = (await made.json()) as { payment: Parameters<TestWorld['emulator']['cashier']>[0] }
  return { ...payment, appId: appid, openid, action: 'pay' }
}

test('G2: a dump of a database in use restores, and repair finds what was paid since', async () => {
  run('createdb', '--maintenance-db', cluster.url, 'shop')
  const world = await aWorld({ databaseURL: named('shop') })
  try {
    const numbers = Array.from({ length: 12 }, (_, n) => `DRILL-${100 + n}`)
    const payments = []
    for (const number of numbers) payments.push(await begun(world, number))
    // Some orders are paid before the dump, the others after it.
    for (const payment of payments.slice(0, 4)) world.emulator.cashier(payment)
    await world.emulator.deliverDue()
    const busy = Promise.all(Array.from({ length: 8 }, (_, n) => begun(world, `DURING-${100 + n}`)))
    run('pg_dump', '--format=custom', '--no-owner', '--file', join(folder, 'shop.dump'), named('shop'))
    await busy
    for (const payment of payments.slice(4)) world.emulator.cashier(payment)
    await world.emulator.deliverDue()
    const bank = world.emulator.truth().ledger.filter(({ kind }) => kind === 'payment')
    expect(bank).toHaveLength(12)

    run('createdb', '--maintenance-db', cluster.url, 'restored')
    run('pg_restore', '--no-owner', '--exit-on-error', '--dbname', named('restored'), join(folder, 'shop.dump'))
    const store = await openStore(named('restored'), { data_keys: [DATA_KEY], existing: true, now: world.clock.now })
    try {
      const restored = createWorld(world.config, { store, clock: world.clock, fetch: world.emulator.fetch })
      const result = await repair(restored, { since: world.clock.now() - HOUR, per_second: 1e9, report: () => {} })
      expect(result).toMatchObject({ changed: 8, no_answer: 0, for_a_person: 0 })
      for (const number of numbers) {
        const order = await store.transaction((tx) => tx.orders.find('shop', number))
        expect([number, order?.state, order?.openid]).toEqual([number, 'paid', world.emulator.settings.users[0]?.openid])
      }
      expect(await store.audit(0)).toEqual([])
    } finally {
      await store.close()
    }
  } finally {
    await world.close()
  }
})
