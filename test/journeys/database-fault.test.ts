// G3, G4: a database that answers reads and refuses writes counts as down, and everything that reports it gives the reason.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reasonOf, StoreError } from '@cashdesk/store'
import { afterEach, expect, onTestFinished, test } from 'vitest'
import { aDatabase, ENGINE, execute } from '../support/database.ts'
import { API_KEY, aWorld, type TestWorld } from '../support/world.ts'

const METRICS_KEY = 'cd_test_metrics_0123456789'
let world: TestWorld | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})

async function metrics(): Promise<string> {
  const page = await world?.fetch('/metrics', { headers: { authorization: `Bearer ${METRICS_KEY}` } })
  return (await page?.text()) ?? ''
}

const withMetrics: Parameters<typeof aWorld>[0] = {
  configure: (config) => ({ ...config, api_keys: [...config.api_keys, { key: METRICS_KEY, merchants: ['shop'], scopes: ['metrics'] }] }),
}

test.skipIf(ENGINE !== 'sqlite')(
  'G3: on a full disk /readyz, the metric and the log say disk_full, until a write succeeds again',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cashdesk-full-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    world = await aWorld({ ...withMetrics, databaseURL: `sqlite:${join(folder, 'shop.db')}?max_page_count=110` })
    expect(await (await world.fetch('/readyz')).json()).toEqual({ ok: true })
    expect(await metrics()).toContain('\nwxpay_database_up 1\n')
    let answer = new Response()
    for (let n = 0; n < 400 && answer.status !== 503; n++) {
      const order = {
        merchant: 'shop',
        out_trade_no: `FILL-${1000 + n}`,
        description: 'x'.repeat(40),
        amount: { total: 1 },
        metadata: { text: 'y'.repeat(400) },
      }
      answer = await world.api('/v1/orders', { method: 'POST', json: order })
    }
    expect([answer.status, await answer.json()]).toEqual([503, expect.objectContaining({ code: 'store_unavailable' })])
    expect(world.logs.filter(({ event }) => event === 'request.failed').at(-1)?.fields).toMatchObject({
      detail: 'StoreError STORE_UNAVAILABLE',
      reason: 'disk_full',
    })
    // The metrics page is cached for some seconds.
    await world.clock.advance(10_000)
    expect(await metrics()).toContain('wxpay_database_errors_total{reason="disk_full"} 1')
  },
  60_000,
)

test('G3: the metric agrees with /readyz, and is 1 only after a successful write', async () => {
  world = await aWorld(withMetrics)
  const { store } = world.world
  const broken = Object.assign(new Error('x'), { errcode: 13 })
  const refuse = (): Promise<never> => Promise.reject(new StoreError('STORE_UNAVAILABLE', 'x', { cause: broken }))
  // Reads succeed, writes fail.
  world.world.store = { ...store, transaction: refuse }
  const ready = await world.fetch('/readyz')
  expect([ready.status, await ready.json()]).toEqual([503, expect.objectContaining({ wrong: ['database'], reason: 'disk_full' })])
  world.world.store = { ...store, transaction: (work, lane) => (lane === 'reserved' ? refuse() : store.transaction(work, lane)) }
  expect(await metrics()).toContain('\nwxpay_database_up 0\n')
  world.world.store = store
})

test.skipIf(ENGINE !== 'postgres')('G3, G6: a read-only PostgreSQL is reported as read_only, and its sessions carry our name', async () => {
  const url = await aDatabase()
  world = await aWorld({ ...withMetrics, databaseURL: url })
  const named = await execute(
    url,
    "SELECT DISTINCT application_name AS name FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'cashdesk'",
  )
  expect(named).toEqual([{ name: 'cashdesk' }])
  await execute(url, "CREATE FUNCTION read_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION SQLSTATE '25006'; END $$")
  await execute(url, 'CREATE TRIGGER read_only BEFORE INSERT OR UPDATE ON settings EXECUTE FUNCTION read_only()')
  expect(await (await world.fetch('/readyz')).json()).toMatchObject({ ok: false, wrong: ['database'], reason: 'read_only' })
  expect(await metrics()).toContain('\nwxpay_database_up 0\n')
  await execute(url, 'DROP TRIGGER read_only ON settings')
  expect(await (await world.fetch('/readyz', { headers: { authorization: `Bearer ${API_KEY}` } })).json()).toEqual({ ok: true })
})

test.each<[string, unknown]>([
  ['disk_full', { errcode: 13 }],
  ['io_error', { errcode: 778 }],
  ['locked', { errcode: 5 }],
  ['sqlite_99', { errcode: 99 }],
  ['disk_full', { code: '53100' }],
  ['read_only', { code: '25006' }],
  ['shut_down', { code: '57P03' }],
  ['connection', { code: '08006' }],
  ['sqlstate_XX000', { code: 'XX000' }],
  ['connection', { code: 'ECONNREFUSED' }],
  ['timeout', { code: 'ETIMEDOUT' }],
  ['disk_full', { code: 'ENOSPC' }],
  ['timeout', new Error('timeout exceeded when trying to connect')],
  ['connection', new Error('Connection terminated unexpectedly')],
  ['unknown', new Error('something')],
  ['unknown', undefined],
])('G4: the reason is %s', (reason, cause) => {
  expect(reasonOf(cause)).toBe(reason)
  expect(new StoreError('STORE_UNAVAILABLE', 'x', { cause }).reason).toBe(reason)
})
