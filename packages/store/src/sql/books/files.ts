// Files of bills and their lines. Lines are written while a file is loaded, in many transactions; they count from the one that makes the file current.

import { type Kysely, sql } from 'kysely'
import type { Books, FundRow, TradeRow } from '../../port/books.ts'
import { StoreError } from '../../port/error.ts'
import type { Tables } from '../../schema.ts'
import { inserting } from './rows.ts'

type Files = Pick<Books, 'begin' | 'keepPiece' | 'appendTrades' | 'appendFunds' | 'finish' | 'fail' | 'currentFile' | 'pieces' | 'sweep'>

const TRADE_COLUMNS = [
  'file',
  'line',
  'kind',
  'at',
  'transaction_id',
  'out_trade_no',
  'refund_id',
  'out_refund_no',
  'appid',
  'sub_mchid',
  'currency',
  'total',
  'settlement_total',
  'refund',
  'refund_status',
  'fee_millifen',
  'rate_ppm',
] as const satisfies readonly (keyof Tables['bill_trades'])[]

const FUND_COLUMNS = [
  'file',
  'line',
  'at',
  'business_id',
  'flow_id',
  'business_name',
  'business_type',
  'direction',
  'amount',
  'balance',
] as const satisfies readonly (keyof Tables['bill_funds'])[]

const LINES = ['bill_trades', 'bill_funds', 'bill_pieces'] as const

export function files(db: Kysely<Tables>): Files {
  const trades = inserting<TradeRow & { file: number }>(db, 'bill_trades', TRADE_COLUMNS, (row) => TRADE_COLUMNS.map((name) => row[name]))
  const funds = inserting<FundRow & { file: number }>(db, 'bill_funds', FUND_COLUMNS, (row) => FUND_COLUMNS.map((name) => row[name]))
  return {
    async begin(of, now) {
      // Two servers that choose the same number collide on the key, and one of the transactions is repeated.
      const { last } = await db
        .selectFrom('bill_files')
        .select((e) => e.fn.max('id').as('last'))
        .executeTakeFirstOrThrow()
      const id = Number(last ?? 0) + 1
      await db
        .insertInto('bill_files')
        .values({ ...of, id, state: 'loading', sha1: null, lines: 0, bytes: 0, summary: null, problem: null, created_at: now })
        .execute()
      return id
    },
    async keepPiece(file, n, bytes) {
      await db
        .insertInto('bill_pieces')
        .values({ file, n, base64: Buffer.from(bytes).toString('base64') })
        .execute()
    },
    appendTrades: (file, rows) => trades(rows.map((row) => ({ ...row, file }))),
    appendFunds: (file, rows) => funds(rows.map((row) => ({ ...row, file }))),
    async finish(file, whole) {
      const { mchid, date, kind } = await db.selectFrom('bill_files').selectAll().where('id', '=', file).executeTakeFirstOrThrow()
      await db
        .updateTable('bill_files')
        .set({ state: 'replaced' })
        .where('mchid', '=', mchid)
        .where('date', '=', date)
        .where('kind', '=', kind)
        .where('state', '=', 'current')
        .execute()
      const { numUpdatedRows } = await db
        .updateTable('bill_files')
        .set({ ...whole, state: 'current' })
        .where('id', '=', file)
        .where('state', '=', 'loading')
        .executeTakeFirstOrThrow()
      if (numUpdatedRows !== 1n) throw new StoreError('STORE_CONFLICT', `Bill file ${file} is not being loaded any more.`)
    },
    async fail(file, problem) {
      await db.updateTable('bill_files').set({ state: 'broken', problem }).where('id', '=', file).where('state', '=', 'loading').execute()
    },
    async currentFile(mchid, date, kind) {
      return db
        .selectFrom('bill_files')
        .selectAll()
        .where('mchid', '=', mchid)
        .where('date', '=', date)
        .where('kind', '=', kind)
        .where('state', '=', 'current')
        .executeTakeFirst()
    },
    async pieces(file) {
      const rows = await db.selectFrom('bill_pieces').select('base64').where('file', '=', file).orderBy('n').execute()
      return rows.map(({ base64 }) => Buffer.from(base64, 'base64'))
    },
    async sweep(before, limit) {
      // The bytes of a file that was replaced stay: what was found by it can be proven by them.
      const stale = (states: readonly ('replaced' | 'broken')[]) =>
        db
          .selectFrom('bill_files')
          .select('id')
          .where((e) => e.or([e('state', 'in', [...states]), e.and([e('state', '=', 'loading'), e('created_at', '<', before)])]))
      let removed = 0
      for (const table of LINES) {
        const [key, of] = table === 'bill_pieces' ? (['n', stale(['broken'])] as const) : (['line', stale(['replaced', 'broken'])] as const)
        const { numAffectedRows } = await sql`DELETE FROM ${sql.table(table)} WHERE (file, ${sql.ref(key)}) IN
          (SELECT file, ${sql.ref(key)} FROM ${sql.table(table)} WHERE file IN (${of}) LIMIT ${limit})`.execute(db)
        removed += Number(numAffectedRows ?? 0n)
      }
      return removed
    },
  }
}
