// J3: openids at rest. Sealed for one place, under a key that is never lost without a word.

import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aDatabase, ENGINE, execute, withoutGuards } from '../../../test/support/database.ts'
import { openStore, type Store, type StoreOptions } from '../src/index.ts'
import { dataKey, sealerOver } from '../src/sealing/sealer.ts'
import { anOrder, becomes, NOW, ordering, paid, pending } from './builders.ts'

const OLD = Buffer.alloc(32, 1).toString('base64')
const NEW = Buffer.alloc(32, 2).toString('base64')
const OPENID = 'oCANARY_0123456789abcdefghij'
const api = { source: 'api' } as const

let folder: string
let url: string
let opened: Store | undefined
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-sealing-'))
  url = await aDatabase(join(folder, 'sealed.db'))
})
afterEach(async () => {
  await opened?.close()
  opened = undefined
  rmSync(folder, { recursive: true })
})

async function reopened(options: StoreOptions): Promise<Store> {
  await opened?.close()
  opened = undefined
  opened = await openStore(url, { now: () => NOW, ...options })
  return opened
}

const placed = anOrder({ openid: OPENID })
const begun = { ...ordering, request: `{"payer":{"openid":"${OPENID}"}}` } as const
const find = (store: Store, number = placed.out_trade_no) => store.transaction((tx) => tx.orders.find('shop', number))
/** Of a database that nobody has open: SQLite's is locked otherwise. */
const read = async (sql: string) => {
  await opened?.close()
  return execute(url, sql)
}
const rows = () => read('SELECT openid, request FROM orders')

describe('a value', () => {
  const sealer = sealerOver([dataKey(NEW), dataKey(OLD)], randomBytes)
  const sealed = sealer.seal(OPENID, 'orders.openid', 'shop', 'A')

  test('opens where it was sealed, and nowhere else', () => {
    expect(sealed).toMatch(/^enc1:[\w-]{8}:[\w-]+$/)
    expect(sealer.open(sealed, 'orders.openid', 'shop', 'A')).toBe(OPENID)
    for (const place of [
      ['orders.openid', 'shop', 'B'],
      ['orders.openid', 'mall', 'A'],
      ['orders.request', 'shop', 'A'],
    ])
      expect(() => sealer.open(sealed, ...place)).toThrow(/does not open/)
  })

  test('that was changed anywhere, or cut, does not open', () => {
    const [, id, body = ''] = sealed.split(':')
    const bytes = Buffer.from(body, 'base64url')
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      for (const wrong of [changed, bytes.subarray(0, at)])
        expect(() => sealer.open(`enc1:${id}:${wrong.toString('base64url')}`, 'orders.openid', 'shop', 'A')).toThrow(/does not open/)
    }
  })

  test('twice the same looks different; an older key opens, a foreign one is named', () => {
    expect(sealer.seal(OPENID, 'orders.openid', 'shop', 'A')).not.toBe(sealed)
    const before = sealerOver([dataKey(OLD)], randomBytes)
    expect(sealer.open(before.seal(OPENID, 'x'), 'x')).toBe(OPENID)
    expect(() => before.open(sealed, 'orders.openid', 'shop', 'A')).toThrow(dataKey(NEW).id)
    expect(sealer.open('oPLAIN', 'orders.openid', 'shop', 'A')).toBe('oPLAIN')
    expect(() => dataKey('c2hvcnQ=')).toThrow(/32 random bytes[\s\S]*32 字节/)
  })
})

test('an order goes its way while the key is changed: what is written stays under the old one, what is new is under the new one', async () => {
  let store = await reopened({ data_keys: [OLD] })
  await store.transaction(async (tx) => {
    await tx.orders.insert(placed, null, api)
  })
  const [first] = await rows()
  expect(first).toEqual({ openid: expect.stringContaining(`enc1:${dataKey(OLD).id}:`), request: null })

  store = await reopened({ data_keys: [NEW, OLD] })
  await store.transaction(async (tx) => {
    const order = await tx.orders.lock('shop', placed.out_trade_no)
    if (!order) throw new TypeError('gone')
    const one = await tx.orders.record(order, becomes(order, begun), api, NOW)
    const two = await tx.orders.record(one, becomes(one, pending), api, NOW)
    await tx.orders.record(two, becomes(two, paid, ['order.paid']), api, NOW)
  })
  expect(await find(store)).toMatchObject({ state: 'paid', openid: OPENID, request: begun.request })
  const [event] = await store.transaction((tx) => tx.events.list('shop', { limit: 9 }))
  expect(JSON.parse(event?.data ?? '')).toMatchObject({ payer: { openid: OPENID } })
  expect(await store.audit(0)).toEqual([])
  expect(await rows()).toEqual([{ openid: first?.['openid'], request: expect.stringContaining(`enc1:${dataKey(NEW).id}:`) }])
  expect(await read('SELECT data FROM events')).toEqual([{ data: expect.stringMatching(/^enc1:/) }])
})

test.each([
  ['the old key left out', [NEW]],
  ['a wrong key', [Buffer.alloc(32, 9).toString('base64')]],
  ['no key', undefined],
])('%s: the database is not opened, cause and cure are said, nothing is written', async (_, data_keys) => {
  await reopened({ data_keys: [OLD] })
  await opened?.close()
  const settings = await execute(url, 'SELECT name, value FROM settings')
  await expect(reopened({ data_keys })).rejects.toMatchObject({
    code: 'STORE_KEY',
    message: expect.stringMatching(new RegExp(`${dataKey(OLD).id}, which is not there.*data_keys; nothing was written\\.\\n.*密钥`)),
  })
  expect(await execute(url, 'SELECT name, value FROM settings')).toEqual(settings)
  expect(existsSync(join(folder, 'sealed.db.key'))).toBe(false)
})

test('a sealed value that was moved to another row does not open there', async () => {
  const store = await reopened({ data_keys: [OLD] })
  await store.transaction(async (tx) => {
    await tx.orders.insert(placed, null, api)
    await tx.orders.insert(anOrder({ out_trade_no: 'ORDER-0002', openid: 'oOther' }), null, api)
  })
  await store.close()
  await withoutGuards(url)
  await execute(url, `UPDATE orders SET openid = (SELECT o.openid FROM orders o WHERE o.out_trade_no = 'ORDER-0001')`)
  await expect(find(await reopened({ data_keys: [OLD] }), 'ORDER-0002')).rejects.toMatchObject({ code: 'STORE_KEY' })
})

test('rows from before there was a key stay readable and go on', async () => {
  const plain = { ...placed, out_trade_no: 'ORDER-0003' }
  await (await reopened({ data_keys: [OLD] })).close()
  await execute(url, `DELETE FROM settings`)
  let store = await reopened({ data_keys: 'not needed' })
  await store.close()
  // As an earlier version wrote it.
  await execute(
    url,
    `INSERT INTO orders (merchant, out_trade_no, mchid, description, amount_total, amount_currency, state, version, openid, appid, attempts, expires_at, late, next_check_at, created_at, updated_at)
       VALUES ('shop', 'ORDER-0003', '1900000001', 'x', 100, 'CNY', 'created', 1, '${OPENID}', 'wx', 0, ${NOW}, 0, ${NOW}, ${NOW}, ${NOW});
     INSERT INTO order_history VALUES ('shop', 'ORDER-0003', 1, 'none', 'created', 'api', NULL, ${NOW}, NULL)`,
  )
  store = await reopened({ data_keys: [NEW] })
  const order = await find(store, plain.out_trade_no)
  if (!order) throw new TypeError('gone')
  expect(order.openid).toBe(OPENID)
  await store.transaction((tx) => tx.orders.record(order, becomes(order, begun), api, NOW))
  expect(await find(store, plain.out_trade_no)).toMatchObject({ state: 'ordering', openid: OPENID, request: begun.request })
})

const ofSqlite = (): void =>
  test('a SQLite file has its key beside it: made once, the owner\u2019s alone, told once', async () => {
    const notes: string[] = []
    const note = (event: string): void => void notes.push(event)
    const store = await reopened({ note })
    const file = join(folder, 'sealed.db.key')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const key = readFileSync(file, 'utf8')
    expect(Buffer.from(key, 'base64')).toHaveLength(32)
    await store.transaction((tx) => tx.orders.insert(placed, null, api))
    expect((await find(await reopened({ note })))?.openid).toBe(OPENID)
    expect(readFileSync(file, 'utf8')).toBe(key)
    expect(notes).toEqual(['data_key.made'])
    await opened?.close()
    rmSync(file)
    await expect(reopened({ note })).rejects.toMatchObject({ code: 'STORE_KEY' })
    expect(existsSync(file)).toBe(false)
  })

const ofPostgres = (): void =>
  test('PostgreSQL without a key keeps them plain, and says so', async () => {
    const notes: string[] = []
    const store = await reopened({ note: (event) => void notes.push(event) })
    await store.transaction((tx) => tx.orders.insert(placed, null, api))
    expect(notes).toEqual(['data_key.none'])
    expect(await rows()).toEqual([{ openid: OPENID, request: null }])
  })

if (ENGINE === 'sqlite') ofSqlite()
else ofPostgres()

test('A9: secrets that an earlier version kept in plain text are sealed when the database is opened, and stay the same secrets', async () => {
  await (await reopened({ data_keys: [OLD] })).close()
  const KEY = 'ab'.repeat(32)
  await execute(
    url,
    `INSERT INTO settings VALUES ('client_secret_key', '${KEY}');
     INSERT INTO webhook_endpoints VALUES ('we_1', 'shop', 'https://x.example', 'whsec_now', 'whsec_before', ${NOW}, NULL, 1)`,
  )
  for (const data_keys of [[OLD], [NEW, OLD]]) {
    const store = await reopened({ data_keys })
    expect(await store.transaction((tx) => tx.webhooks.endpoints('shop'))).toMatchObject([
      { secret: 'whsec_now', secret_before: 'whsec_before' },
    ])
    expect(await store.transaction((tx) => tx.settings.keepSecret('client_secret_key', 'another'))).toBe(KEY)
  }
  const [endpoint] = await read('SELECT secret, secret_before FROM webhook_endpoints')
  const [setting] = await read("SELECT value FROM settings WHERE name = 'client_secret_key'")
  for (const value of [endpoint?.['secret'], endpoint?.['secret_before'], setting?.['value']]) expect(value).toMatch(/^enc1:/)
})
