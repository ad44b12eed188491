// From an older schema, with rows in it, to the newest.

import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aDatabase, ENGINE, execute } from '../../../test/support/database.ts'
import { migrateStore, openStore } from '../src/index.ts'
import { aStore } from './a-store.ts'
import { NOW } from './builders.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-migrations-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const FILES = new URL('../migrations/', import.meta.url)
const ours = readdirSync(FILES)
  .filter((name) => name.endsWith(`.${ENGINE}.sql`))
  .sort()

/** A database as the Cashdesk of that time left it. */
async function migratedUpTo(last: string): Promise<string> {
  const url = await aDatabase(join(folder, 'old.db'))
  await execute(url, 'CREATE TABLE migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)')
  for (const name of ours.filter((one) => one.slice(0, 4) <= last)) {
    const sql = readFileSync(new URL(name, FILES), 'utf8')
    await execute(url, `${sql};INSERT INTO migrations VALUES ('${name}', '${createHash('sha256').update(sql).digest('hex')}', 1)`)
  }
  return url
}

const ORDER = `INSERT INTO orders (merchant, out_trade_no, mchid, description, amount_total, amount_currency, state, version, attempts, appid, openid, request,
  transaction_id, paid_at, expires_at, late, next_check_at, refund_reserved, refund_count, claims, created_at, updated_at) VALUES
  ('shop', 'OLD-0001', '1900000001', 'x', 100, 'CNY', 'created', 1, 0, NULL, NULL, NULL, NULL, NULL, ${NOW}, 0, ${NOW}, 0, 0, 3, 1, 1),
  ('shop', 'OLD-0002', '1900000001', 'x', 100, 'CNY', 'paid', 1, 0, 'wx', 'o', '{}', '42', 5, ${NOW}, 0, NULL, 30, 1, 0, 1, 1);
  INSERT INTO order_history (merchant, out_trade_no, version, from_state, to_state, source, source_ref, created_at) VALUES ('shop', 'OLD-0001', 1, 'none', 'created', 'api', NULL, 1), ('shop', 'OLD-0002', 1, 'none', 'created', 'api', NULL, 1);
  INSERT INTO refunds (merchant, out_refund_no, mchid, out_trade_no, amount, currency, state, version, request, attempts, next_check_at, created_at, updated_at)
  VALUES ('shop', 'R-1', '1900000001', 'OLD-0002', 30, 'CNY', 'requested', 1, '{}', 0, ${NOW}, 1, 1)`

test('G12: how a database stands to this version is told while it is open', async () => {
  const url = await aDatabase(join(folder, 'open.db'))
  const store = await aStore(url)
  expect(await store.schema()).toEqual({ pending: [], unknown: [], changed: [] })
  if (ENGINE === 'postgres') {
    // Another process migrates further, or back.
    await execute(url, `INSERT INTO migrations VALUES ('9999-later.sql', 'x', 1); DELETE FROM migrations WHERE name = '${ours.at(-1)}'`)
    await execute(url, `UPDATE migrations SET checksum = 'x' WHERE name = '${ours[0]}'`)
    expect(await store.schema()).toEqual({ pending: [ours.at(-1)], unknown: ['9999-later.sql'], changed: [ours[0]] })
  }
  await store.close()
})

test('G12: what is pending is listed without changing anything, then applied once', async () => {
  const url = await migratedUpTo('0005')
  const pending = ours.filter((name) => name.slice(0, 4) > '0005')
  expect(pending.length).toBeGreaterThan(0)
  expect(await migrateStore(url, 'list')).toEqual(pending)
  expect(await migrateStore(url, 'list')).toEqual(pending)
  await expect(openStore(url, { migrations: 'refuse' })).rejects.toThrow(`The database lacks ${pending[0]}`)
  expect(await migrateStore(url, 'list')).toEqual(pending)
  expect(await migrateStore(url, 'apply')).toEqual(pending)
  expect(await migrateStore(url, 'apply')).toEqual([])
  const store = await openStore(url, { migrations: 'refuse' })
  await store.close()
})

test('G12: an empty database lacks everything, and is left as it is', async () => {
  const url = await aDatabase(join(folder, 'none.db'))
  expect(await migrateStore(url, 'list')).toEqual(ours)
  expect(existsSync(join(folder, 'none.db'))).toBe(false)
  const tables = ENGINE === 'sqlite' ? [] : await execute(url, "SELECT to_regclass('migrations') AS t")
  for (const { t } of tables) expect(t).toBeNull()
})

test('G12: a migration that fails in its midst leaves nothing of itself, and what came before it', async () => {
  const url = await migratedUpTo('0005')
  // Something of that name is there already: the migration stops half way.
  await execute(url, 'CREATE TABLE orders_stuck (n INTEGER)')
  await expect(migrateStore(url, 'apply')).rejects.toThrow('orders_stuck')
  const left = await migrateStore(url, 'list')
  expect(left[0]).toMatch(/^0007-/)
  await execute(url, 'DROP TABLE orders_stuck')
  expect(await migrateStore(url, 'apply')).toEqual(left)
})

test('G12: a database of a newer Cashdesk is refused, in both languages', async () => {
  const url = await migratedUpTo('0005')
  await execute(url, "INSERT INTO migrations VALUES ('9999-later.sql', 'x', 1)")
  for (const act of ['list', 'apply'] as const)
    await expect(migrateStore(url, act)).rejects.toThrow(/newer Cashdesk \(9999-later\.sql\)[\s\S]*更新版本/)
})

test('G12: rows of an older schema are all there afterwards, with what refers to them, and the guards are on', async () => {
  const url = await migratedUpTo('0005')
  await execute(url, ORDER)
  const store = await aStore(url)
  const [created, paid, refund, history] = await store.transaction(
    async (tx) =>
      [
        await tx.orders.find('shop', 'OLD-0001'),
        await tx.orders.find('shop', 'OLD-0002'),
        await tx.refunds.find('shop', 'R-1'),
        await tx.orders.history('shop', 'OLD-0001'),
      ] as const,
  )
  expect(created).toMatchObject({ state: 'created', amount: { total: 100 }, next_check_at: NOW, created_at: 1 })
  expect(paid).toMatchObject({ state: 'paid', transaction_id: '42', refund_reserved: 30, refund_count: 1 })
  expect(refund).toMatchObject({ out_trade_no: 'OLD-0002', amount: 30 })
  expect(history).toHaveLength(1)
  await store.close()
  await expect(execute(url, "DELETE FROM orders WHERE out_trade_no = 'OLD-0001'")).rejects.toThrow('never deleted')
  const again = await aStore(url)
  await again.close()
})

test('A2: keys of an older database get the maker that the audit log names; for the others it is not known', async () => {
  const url = await migratedUpTo('0009')
  const key = (prefix: string, hash: string) =>
    `INSERT INTO api_keys VALUES ('${prefix}', '${hash.repeat(64)}', 'x', '["shop"]', '["admin"]', 1, NULL, NULL, NULL);`
  await execute(
    url,
    `${key('aaaa', 'a')}${key('bbbb', 'b')}${key('cccc', 'c')}
    INSERT INTO audit_log VALUES (1, 1, 'config:1', 'api_key.create', 'shop', 'aaaa', '{}', 'x', 'x'), (2, 1, 'aaaa', 'api_key.create', 'shop', 'bbbb', '{}', 'x', 'x'),
      (3, 1, 'aaaa', 'api_key.revoke', 'shop', 'cccc', '{}', 'x', 'x')`,
  )
  const store = await aStore(url)
  const keys = await store.transaction((tx) => tx.apiKeys.list())
  expect(keys.map(({ prefix, made_by }) => [prefix, made_by])).toEqual([
    ['aaaa', 'config:1'],
    ['bbbb', 'aaaa'],
    ['cccc', null],
  ])
  expect(await store.transaction((tx) => tx.apiKeys.madeBy('aaaa'))).toMatchObject([{ prefix: 'bbbb' }])
  await store.close()
})

test('F3: events with their deliveries, and incidents, come through from before incidents had a name', async () => {
  const url = await migratedUpTo('0012')
  await execute(
    url,
    `${ORDER};
    INSERT INTO events (id, merchant, type, out_trade_no, version, data, created_at) VALUES ('evt_1', 'shop', 'order.paid', 'OLD-0002', 3, '{}', 1);
    INSERT INTO webhook_endpoints (id, merchant, url, secret, created_at) VALUES ('we', 'shop', 'https://x', 's', 1);
    INSERT INTO webhook_deliveries (event_id, endpoint_id, merchant, state, attempts, next_attempt_at, updated_at) VALUES ('evt_1', 'we', 'shop', 'pending', 0, 1, 1);
    INSERT INTO incidents VALUES ('shop', 'stuck', 'OLD-0001', '{}', 'open', 1), ('shop', 'stuck', 'OLD-0002', '{"claims":"9"}', 'resolved', 2)`,
  )
  const store = await aStore(url)
  const [told, deliveries, incidents, refund] = await store.transaction(
    async (tx) =>
      [
        await tx.events.list('shop', { limit: 9 }),
        await tx.webhooks.deliveries('shop', 'evt_1'),
        await tx.incidents.list('shop', { limit: 9 }),
        await tx.refunds.find('shop', 'R-1'),
      ] as const,
  )
  expect(told).toMatchObject([{ id: 'evt_1', out_trade_no: 'OLD-0002', out_refund_no: null, incident_id: null }])
  expect(deliveries).toMatchObject([{ event_id: 'evt_1', state: 'pending' }])
  expect(incidents.map(({ subject, state }) => [subject, state])).toEqual([
    ['OLD-0002', 'resolved'],
    ['OLD-0001', 'open'],
  ])
  expect(refund).toMatchObject({ source: 'api' })
  // A later one comes first; an old one can be ended, and that is told.
  await store.transaction(async (tx) => {
    await tx.incidents.open({ merchant: 'shop', kind: 'stuck', subject: 'NEW', detail: {}, now: NOW })
    const old = await tx.incidents.openOne('shop', 'stuck', 'OLD-0001')
    if (old) await tx.incidents.resolve(old, { by: 'me', note: 'x', now: NOW })
  })
  const after = await store.transaction((tx) => tx.incidents.list('shop', { limit: 9 }))
  expect(after.map(({ subject, state }) => [subject, state])).toEqual([
    ['NEW', 'open'],
    ['OLD-0002', 'resolved'],
    ['OLD-0001', 'resolved'],
  ])
  await store.close()
  if (ENGINE === 'postgres') return
  // What deliveries refer to is the new table.
  const [table] = await execute(url, "SELECT sql FROM sqlite_master WHERE name = 'webhook_deliveries'")
  expect(String(table?.['sql'])).toContain('REFERENCES events (id)')
  expect(await execute(url, 'SELECT * FROM pragma_foreign_key_check')).toEqual([])
})
