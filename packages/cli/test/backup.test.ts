// G2: a backup made beside a loaded server restores, and contains everything acknowledged before it; partial copies, other keys and newer schemas are
// refused.

import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type RunningEmulator, startEmulator } from '@cashdesk/emulator'
import { type RunningServer, readConfig, startServer } from '@cashdesk/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { configForEmulator } from '../src/index.ts'

const MAIN = new URL('../src/main.ts', import.meta.url).pathname
const API_KEY = 'cd_test_0123456789abcdef0123456789'
const BACKUP_KEY = 'cd_test_backup_0123456789abcdef'
let folder: string
let wechat: RunningEmulator
let server: RunningServer | undefined
const children = new Set<ChildProcess>()

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-backup-'))
  wechat = await startEmulator({ port: 0 })
  const config = configForEmulator(wechat.emulator.settings, { public_url: 'http://127.0.0.1:1', api_key: API_KEY })
  const api_keys = [...config.api_keys, { key: BACKUP_KEY, merchants: ['shop', 'mall'], scopes: ['backup'] }]
  writeFileSync(
    join(folder, 'cashdesk.json'),
    JSON.stringify({ ...config, api_keys, limits: { api_key: { per_second: 1e6, burst: 1e6 } } }),
  )
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  await server?.close()
  server = undefined
  await wechat.close()
  rmSync(folder, { recursive: true })
})

const at = (name: string): string => join(folder, name)
const start = async (database = 'shop.db'): Promise<RunningServer> => {
  server = await startServer(readConfig(at('cashdesk.json')), { database_url: `sqlite:${at(database)}`, port: 0 })
  return server
}

interface Ended {
  code: number | null
  out: string
  err: string
}

function run(args: readonly string[], env: Record<string, string> = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['--conditions=@cashdesk/source', '--no-warnings', MAIN, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', CASHDESK_API_KEY: BACKUP_KEY, ...env },
  })
  children.add(child)
  let [out, err] = ['', '']
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err }))) }
}
const cashdesk = (...args: string[]): Promise<Ended> => run(args).ended
const restoreTo = (database: string, from: string, ...args: string[]): Promise<Ended> =>
  cashdesk('restore', from, '--database', `sqlite:${at(database)}`, ...args)

/** A busy server sends requests away, and a caller repeats them. */
async function asCaller(url: string, init: RequestInit): Promise<Record<string, unknown>> {
  for (;;) {
    const answer = (await (await fetch(url, init)).json()) as Record<string, unknown>
    if (answer['code'] !== 'overloaded') return answer
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

let placed = 0
async function aPaidOrder(url: string): Promise<string> {
  const { settings } = wechat.emulator
  const out_trade_no = `BACKUP-${String(++placed).padStart(6, '0')}`
  const openid = settings.users[0]?.openid ?? ''
  const order = {
    merchant: 'shop',
    out_trade_no,
    description: 'x',
    amount: { total: 100 + placed },
    payer: { appid: settings.appid, openid },
    pay: true,
  }
  const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' }
  const made = await asCaller(`${url}/v1/orders`, { method: 'POST', headers, body: JSON.stringify(order) })
  if (made['payment'] === undefined) throw new Error(JSON.stringify(made))
  const payment = made['payment'] as Parameters<typeof wechat.emulator.cashier>[0]
  wechat.emulator.cashier({ ...payment, appId: settings.appid, openid, action: 'pay' })
  const looked = await asCaller(`${url}/v1/orders/${out_trade_no}?merchant=shop&refresh=1`, { headers })
  expect(looked).toMatchObject({ state: 'paid' })
  return out_trade_no
}

const rows = (file: string, sql: string): unknown[] => {
  const database = new DatabaseSync(file)
  try {
    return database.prepare(sql).all()
  } finally {
    database.close()
  }
}
const copies = (): string[] => readdirSync(at('copies')).filter((name) => name.endsWith('.db'))

test('G2: a copy made under load, beside the running server, holds everything acknowledged before it, and restores to what the bank says', async () => {
  const { url } = await start()
  const acknowledged: string[] = []
  let selling = true
  const load = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (selling) acknowledged.push(await aPaidOrder(url))
    }),
  )
  await expect.poll(() => acknowledged.length).toBeGreaterThan(10)
  const before = [...acknowledged]
  const made = await cashdesk('backup', '--to', 'copies', '--server', url, '--json')
  selling = false
  await load
  expect([made.code, made.err]).toEqual([0, ''])
  const {
    file,
    sha256,
    violations,
    rows: counts,
  } = JSON.parse(made.out) as { file: string; sha256: string; violations: []; rows: { orders: number } }
  expect([sha256.length, violations]).toEqual([64, []])
  expect(counts.orders).toBeGreaterThanOrEqual(before.length)
  for (const path of [file, `${file}.json`]) expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(at('copies')).mode & 0o777).toBe(0o700)
  // The backup leaves no file beside the server's database.
  await expect.poll(() => readdirSync(folder).filter((name) => name.startsWith('.backup'))).toEqual([])

  await server?.close()
  server = undefined
  copyFileSync(at('shop.db.key'), at('kept.key'))
  const restored = await restoreTo('restored.db', file, '--data-key', at('kept.key'))
  expect([restored.code, restored.err]).toEqual([0, ''])
  expect(restored.out).toContain('every promise holds')
  expect(restored.out).toMatch(/repair: \d+ asked/)
  expect(restored.out).toMatch(/Orders and refunds from after [0-9: -]+ are not in it/)
  const known = rows(at('restored.db'), "SELECT out_trade_no FROM orders WHERE state = 'paid'").map(
    (row) => (row as { out_trade_no: string }).out_trade_no,
  )
  expect(known).toEqual(expect.arrayContaining(before))
  // Orders that the copy calls paid are paid at the bank with the same amount.
  const bank = new Map(
    wechat.emulator
      .truth()
      .ledger.flatMap((entry) => (entry.kind === 'payment' ? [[entry.out_trade_no, entry.amount.total] as const] : [])),
  )
  for (const row of rows(at('restored.db'), "SELECT out_trade_no, amount_total FROM orders WHERE state = 'paid'") as {
    out_trade_no: string
    amount_total: number
  }[])
    expect([row.out_trade_no, bank.get(row.out_trade_no)]).toEqual([row.out_trade_no, row.amount_total])
  expect(statSync(at('restored.db')).mode & 0o777).toBe(0o600)

  const again = await start('restored.db')
  const order = await fetch(`${again.url}/v1/orders/${before[0]}?merchant=shop`, { headers: { authorization: `Bearer ${API_KEY}` } })
  expect(await order.json()).toMatchObject({ state: 'paid', payer: { openid: wechat.emulator.settings.users[0]?.openid } })
})

test('G2: the server keeps its exclusive lock on the file and goes on writing while a copy is made', async () => {
  const { url } = await start()
  for (let n = 0; n < 5; n++) await aPaidOrder(url)
  const made = cashdesk('backup', '--to', 'copies', '--server', url)
  const second = await run(['audit', '--database', `sqlite:${at('shop.db')}`]).ended
  expect([second.code, second.err]).toEqual([1, expect.stringMatching(/Another process uses/)])
  expect((await made).code).toBe(0)
  // The server still holds its lock after the copy.
  const third = await run(['audit', '--database', `sqlite:${at('shop.db')}`]).ended
  expect([third.code, third.err]).toEqual([1, expect.stringMatching(/Another process uses/)])
  await aPaidOrder(url)
  // Checkpoints still run: the WAL does not grow without limit.
  await cashdesk('backup', '--to', 'copies2', '--server', url)
  expect(statSync(at('shop.db-wal')).size).toBeLessThan(100_000)
})

test('G2: without a server the files are copied, and --every with --keep leaves the newest copies', async () => {
  await start()
  await aPaidOrder(server?.url ?? '')
  await server?.close()
  server = undefined
  const { child, ended } = run(['backup', '--to', 'copies', '--database', `sqlite:${at('shop.db')}`, '--every', '1s', '--keep', '2'])
  const seen = new Set<string>()
  await expect
    .poll(
      () => {
        if (existsSync(at('copies'))) for (const name of copies()) seen.add(name)
        return seen.size
      },
      { interval: 50 },
    )
    .toBeGreaterThan(3)
  child.kill('SIGTERM')
  expect((await ended).code).toBe(0)
  // The copy in progress at the signal is finished first; add it to those seen.
  for (const name of copies()) seen.add(name)
  expect(copies()).toEqual([...seen].sort().slice(-2))
  for (const name of copies()) expect(rows(at(`copies/${name}`), 'SELECT COUNT(*) AS n FROM orders')).toMatchObject([{ n: 1 }])
})

describe('G2: who may make a backup', () => {
  test.each([
    ['a backend’s key', API_KEY, 'scope_missing'],
    ['no such key', 'cd_test_nobody_0123456789abcdef', 'unauthorized'],
  ])('%s makes no copy', async (_, key, code) => {
    const { url } = await start()
    const refused = await run(['backup', '--to', 'copies', '--server', url], { CASHDESK_API_KEY: key }).ended
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining(code)])
    expect(copies()).toEqual([])
  })

  test('a HEAD request makes no copy, and does not block the next one', async () => {
    const { url } = await start()
    const headers = { authorization: `Bearer ${BACKUP_KEY}` }
    expect((await fetch(`${url}/backup`, { method: 'HEAD', headers })).status).toBe(404)
    const answer = await fetch(`${url}/backup`, { headers })
    expect([answer.status, (await answer.arrayBuffer()).byteLength]).toEqual([200, Number(answer.headers.get('content-length'))])
  })

  test('a key for only some of the merchants makes no copy', async () => {
    const config = JSON.parse(readFileSync(at('cashdesk.json'), 'utf8')) as { api_keys: { key: string; merchants: string[] }[] }
    const api_keys = config.api_keys.map((one) => (one.key === BACKUP_KEY ? { ...one, merchants: ['shop'] } : one))
    writeFileSync(at('cashdesk.json'), JSON.stringify({ ...config, api_keys }))
    const { url } = await start()
    const refused = await cashdesk('backup', '--to', 'copies', '--server', url)
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('scope_missing')])
  })
})

describe('G2: a copy that is refused changes nothing', () => {
  const refusedWith = async (words: RegExp, from: string, ...args: string[]): Promise<void> => {
    const run = await restoreTo('new.db', from, '--no-repair', ...args)
    expect([run.code, run.err.replaceAll('\n', ' ')]).toEqual([1, expect.stringMatching(words)])
    expect(readdirSync(folder).filter((name) => name.startsWith('new.db'))).toEqual([])
  }
  const aCopy = async (): Promise<string> => {
    const { url } = await start()
    await aPaidOrder(url)
    const { out } = await cashdesk('backup', '--to', 'copies', '--server', url, '--json')
    return (JSON.parse(out) as { file: string }).file
  }

  test('a plain copy of a running database without its WAL', async () => {
    const { url } = await start()
    await aPaidOrder(url)
    copyFileSync(at('shop.db'), at('cp.db'))
    await refusedWith(/without its WAL.*缺少 WAL/, at('cp.db'), '--data-key', at('shop.db.key'))
    // With its WAL of the same moment the copy is complete.
    copyFileSync(at('shop.db-wal'), at('cp.db-wal'))
    const whole = await restoreTo('new.db', at('cp.db'), '--no-repair', '--data-key', at('shop.db.key'))
    expect([whole.code, whole.out]).toEqual([0, expect.stringContaining('1 orders')])
  })

  test('a copy without its key, or with another key', async () => {
    const file = await aCopy()
    await server?.close()
    server = undefined
    await refusedWith(/key/i, file)
    writeFileSync(at('other.key'), `${Buffer.alloc(32, 9).toString('base64')}\n`)
    await refusedWith(/key/i, file, '--data-key', at('other.key'))
  })

  test('a copy that was cut or changed', async () => {
    const file = await aCopy()
    const whole = readFileSync(file)
    writeFileSync(file, whole.subarray(0, whole.length - 4096))
    await refusedWith(/not the file that .* describes.*与清单/, file, '--data-key', at('shop.db.key'))
    rmSync(`${file}.json`)
    await refusedWith(/damaged|cannot be read|malformed/, file, '--data-key', at('shop.db.key'))
  })

  test('a copy made by a newer Cashdesk', async () => {
    const file = await aCopy()
    rmSync(`${file}.json`)
    const database = new DatabaseSync(file)
    database.exec("INSERT INTO migrations VALUES ('9999-later.sql', 'x', 1)")
    database.close()
    await refusedWith(/newer Cashdesk/, file, '--data-key', at('shop.db.key'))
  })

  test('a missing file, a file that is no copy, or a target that already exists', async () => {
    await refusedWith(/there is no file.*找不到文件/, at('nothing.db'))
    await refusedWith(/not a SQLite database/, at('cashdesk.json'))
    const file = await aCopy()
    const taken = await restoreTo('shop.db', file, '--no-repair')
    expect([taken.code, taken.err]).toEqual([1, expect.stringMatching(/exists[\s\S]*已存在/)])
  })
})
