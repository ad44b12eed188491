// A day's bills loaded and compared: CPU per row of the trade bill, beside the bare limit of the same run (gunzip, SHA-1, split into cells). The orders are
// there, so that every row finds its own.

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gunzipSync, gzipSync } from 'node:zlib'
import { observe, place } from '@cashdesk/domain'
import { createEmulator, generateKeys } from '@cashdesk/emulator'
import { createWorld } from '@cashdesk/server'
import { openStore, type Store } from '@cashdesk/store'
import { configForEmulator } from 'cashdesk'
import { compareDay } from '../packages/server/src/reconcile/compare.ts'
import { loadBill } from '../packages/server/src/reconcile/load.ts'
import { aPayment, chained, fundBill, fundsOf, type TradeLine, tradeBill } from '../test/books/a-day.ts'
import { type Figure, round } from './measure.ts'

const ROWS = Number(process.env['CASHDESK_BENCH_ROWS'] ?? 200_000)
const DATE = '2026-11-20'
const START = Date.parse(`${DATE}T00:00:00+08:00`)
const CHUNK = 64 * 1024

const cpu = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

function linesOf(mchid: string, appid: string): TradeLine[] {
  return Array.from({ length: ROWS }, (_, i) =>
    aPayment({
      at: START + Math.floor((i * 86_000_000) / ROWS),
      appid,
      mchid,
      transaction_id: `4200${String(i).padStart(24, '0')}`,
      out_trade_no: `BENCH-${String(i).padStart(8, '0')}`,
    }),
  )
}

/** One paid order through the domain, and as many copies of its rows as the bill has lines. */
async function fill(
  file: string,
  open: () => Promise<Store>,
  { mchid, appid, out_trade_no, transaction_id, total }: TradeLine,
): Promise<void> {
  const store = await open()
  const terms = {
    merchant: 'shop',
    out_trade_no,
    reference: null,
    description: 'x',
    amount: { total, currency: 'CNY' as const },
    attach: null,
    metadata: null,
    expires_at: START + 1,
  }
  const order = place({ ...terms, recipient: { mchid, sub_mchid: null }, payer: { appid, openid: 'o' } }, START)
  const amount = { total, payer_total: total, currency: 'CNY', payer_currency: 'CNY' }
  const said = { appid, mchid, out_trade_no, transaction_id, trade_type: 'JSAPI', trade_state: 'SUCCESS' as const, trade_state_desc: '' }
  const fact = { ...said, success_time: new Date(START).toISOString(), payer: { openid: 'o' }, amount }
  await store.transaction(async (tx) => {
    await tx.orders.insert(order, null, { source: 'api' })
    await tx.orders.record(order, observe(order, fact, START), { source: 'query' }, START)
  })
  await store.close()
  const database = new DatabaseSync(file)
  const columns = (table: string): string[] =>
    database
      .prepare(`SELECT name FROM pragma_table_info('${table}')`)
      .all()
      .map((row) => String(row['name']))
  const copy = (table: string, changes: Record<string, string>): void => {
    const names = columns(table)
    database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS - 1})
      INSERT INTO ${table} (${names.join()}) SELECT ${names.map((name) => changes[name] ?? `t.${name}`).join()} FROM n CROSS JOIN ${table} t WHERE t.rowid = 1`)
  }
  const number = "printf('BENCH-%08d', i)"
  const at = `${START} + i * 86000000 / ${ROWS}`
  database.exec('BEGIN')
  copy('orders', { out_trade_no: number, transaction_id: "printf('4200%024d', i)", paid_at: at })
  copy('ledger', { subject: number, occurred_at: at })
  database.exec('COMMIT')
  database.close()
}

export async function reconcile(): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'cashdesk-bench-books-'))
  const file = join(folder, 'books.db')
  const emulator = await createEmulator({ keys: await generateKeys(Date.now()) })
  const { settings } = emulator
  const open = (): Promise<Store> => openStore(`sqlite:${file}`, { random: (n) => crypto.getRandomValues(new Uint8Array(n)) })
  const lines = linesOf(settings.mchid, settings.appid)
  const [first] = lines
  if (!first) throw new TypeError('no rows')
  await fill(file, open, first)
  const texts = { trade: Buffer.from(tradeBill(lines)), fund_flow: Buffer.from(fundBill(chained(lines.flatMap(fundsOf), 0))) }
  const packed = gzipSync(texts.trade)
  const limit = bare(packed)
  const store = await open()
  const config = configForEmulator(settings, { public_url: 'http://cashdesk.test', api_key: 'cd_bench_0123456789abcdef0123' })
  const world = createWorld(config, { store, fetch: emulator.fetch })
  const of = { mchid: settings.mchid, date: DATE }
  const spent: Record<string, number> = {}
  for (const kind of ['trade', 'fund_flow'] as const) {
    const began = cpu()
    const loaded = await loadBill(world, { ...of, kind, source: 'import' }, async function* (keep) {
      for (let at = 0; at < packed.length; at += CHUNK) keep(packed.subarray(at, at + CHUNK))
      for (let at = 0; at < texts[kind].length; at += CHUNK) yield texts[kind].subarray(at, at + CHUNK)
    })
    if (loaded.state !== 'loaded') throw new Error(loaded.problem)
    spent[kind] = cpu() - began
  }
  const began = cpu()
  await compareDay(world, { ...of, run: 1 })
  const compared = cpu() - began
  const { unsettled } = await store.transaction((tx) => tx.books.counts(of.mchid, of.date))
  const rss = process.memoryUsage.rss() / 1024 ** 2
  await store.close()
  rmSync(folder, { recursive: true })
  const { trade = 0, fund_flow = 0 } = spent
  const whole = trade + compared
  return {
    name: 'reconcile.sqlite',
    value: round((whole * 1e6) / ROWS, 2),
    unit: 'µs CPU a row, loaded and compared',
    limit: round((limit * 1e6) / ROWS, 2),
    ratio: round(limit / whole, 3),
    note:
      `${ROWS} rows: trade bill loaded ${round(trade, 2)} s, compared ${round(compared, 2)} s, fund-flow bill of twice the rows loaded ${round(fund_flow, 2)} s; ` +
      `${round(ROWS / whole)} rows/s; ${unsettled} differences; resident ${round(rss)} MB with both texts in memory`,
  }
}

/** What nobody can go without: unpack, hash, split. */
function bare(packed: Uint8Array): number {
  const began = cpu()
  const text = gunzipSync(packed)
  createHash('sha1').update(text).digest()
  let cells = 0
  for (const line of text.toString('utf8').split('\r\n')) cells += line.split(',').length
  if (cells < ROWS) throw new TypeError('not a bill')
  return cpu() - began
}
