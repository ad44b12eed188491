// Loads one file of WeChat's bills: its packed bytes and its lines, in many small transactions beside the requests, and last one that makes it count.
// A file is taken whole or not at all: until that last transaction its lines count for nothing.

import { createHash } from 'node:crypto'
import { summing } from '@cashdesk/domain'
import { CashdeskError, type FundFlowLine, fundFlowBillReader, type TradeLine, tradeBillReader } from '@cashdesk/sdk'
import type { BillFile, BillKind, FundRow, TradeRow, Tx } from '@cashdesk/store'
import type { World } from '../world.ts'

export interface BillOf {
  mchid: string
  /** `YYYY-MM-DD`, Beijing. */
  date: string
  kind: BillKind
  source: BillFile['source']
}

export type Loaded = { state: 'loaded'; file: number; lines: number } | { state: 'broken'; problem: string }

/** Rows of one transaction: some ten milliseconds of SQLite. */
const BATCH = 1024
/** Bytes of one piece of the packed file. */
const PIECE_BYTES = 256 * 1024

/** The unpacked file in chunks; `keep` must be called with the same file's packed bytes before the stream ends. */
export type BillChunks = (keep: (packed: Uint8Array) => void) => AsyncIterable<Uint8Array>

/** What cannot be a bill is refused whole, with line and column. @throws StoreError, and whatever `chunks` throws besides errors of the bill */
export async function loadBill(world: World, of: BillOf, chunks: BillChunks): Promise<Loaded> {
  const file = await inTransaction(world, (tx) => tx.books.begin(of, world.clock.now()))
  const pieces = piecesOf(world, file)
  const parser = of.kind === 'trade' ? tradeParser(of) : fundParser(of)
  const hash = createHash('sha1')
  let bytes = 0
  try {
    for await (const chunk of chunks(pieces.add)) {
      hash.update(chunk)
      bytes += chunk.byteLength
      parser.push(chunk)
      while (parser.waiting() >= BATCH) await inTransaction(world, parser.write(file, BATCH))
      await pieces.write()
    }
    parser.end()
    while (parser.waiting() > 0) await inTransaction(world, parser.write(file, BATCH))
    await pieces.end()
  } catch (error) {
    if (!(error instanceof CashdeskError) || !/^ERR_BILL_/.test(error.code)) throw error
    const problem = JSON.stringify({ code: error.code, ...error.facts })
    await inTransaction(world, (tx) => tx.books.fail(file, problem))
    world.log('bill.broken', { code: error.code, detail: `${of.mchid} ${of.date} ${of.kind} ${problem}`.slice(0, 500) })
    return { state: 'broken', problem }
  }
  const lines = parser.lines()
  await inTransaction(world, (tx) =>
    tx.books.finish(file, { sha1: hash.digest('hex'), lines, bytes, summary: JSON.stringify(parser.summary()) }),
  )
  return { state: 'loaded', file, lines }
}

/** Behind the requests, one batch at a time. */
function inTransaction<T>(world: World, work: (tx: Tx) => Promise<T>): Promise<T> {
  return world.store.transaction(work)
}

interface Parser {
  push(chunk: Uint8Array): void
  /** @throws MessageError if the file is not whole */
  end(): void
  waiting(): number
  write(file: number, count: number): (tx: Tx) => Promise<void>
  /** The number of the last line. */
  lines(): number
  summary(): unknown
}

/** Rows that were parsed and not written yet, and the number of the last. */
function queue<Row extends { line: number }>() {
  let rows: Row[] = []
  let last = 0
  return {
    add(more: readonly Row[]) {
      for (const row of more) rows.push(row)
      last = more.at(-1)?.line ?? last
    },
    waiting: () => rows.length,
    lines: () => last,
    write: (append: (tx: Tx, rows: readonly Row[]) => Promise<void>, count: number) => {
      const batch = rows.slice(0, count)
      rows = rows.slice(count)
      return (tx: Tx) => append(tx, batch)
    },
  }
}

export interface TradeSummary {
  /** Parts per million, each once. */
  rates: number[]
}

function tradeParser({ mchid, date }: BillOf): Parser {
  const reader = tradeBillReader({ mchid, date })
  const rows = queue<TradeRow>()
  const rates = new Set<number>()
  return {
    ...rows,
    push(chunk) {
      const parsed = reader.push(chunk).map(tradeRow)
      for (const { kind, rate_ppm } of parsed) if (kind === 'payment') rates.add(rate_ppm)
      rows.add(parsed)
    },
    end: () => void reader.end(),
    write: (file, size) => rows.write((tx, batch) => tx.books.appendTrades(file, batch), size),
    summary: (): TradeSummary => ({ rates: [...rates] }),
  }
}

const KINDS: Readonly<Record<string, TradeRow['kind']>> = { SUCCESS: 'payment', REFUND: 'refund', REVOKED: 'revoked' }

function tradeRow(one: TradeLine): TradeRow {
  return {
    line: one.line,
    kind: KINDS[one.trade_state] ?? 'revoked',
    at: one.at,
    transaction_id: one.transaction_id,
    out_trade_no: one.out_trade_no,
    refund_id: one.refund_id,
    out_refund_no: one.out_refund_no,
    appid: one.appid,
    sub_mchid: one.sub_mchid,
    currency: one.currency,
    total: one.total,
    settlement_total: one.settlement_total,
    refund: one.applied_refund,
    refund_status: one.refund_status,
    fee_millifen: one.fee_millifen,
    rate_ppm: one.rate_ppm,
  }
}

function fundParser({ mchid, date }: BillOf): Parser {
  const reader = fundFlowBillReader({ mchid, date })
  const rows = queue<FundRow>()
  const sum = summing()
  return {
    ...rows,
    push(chunk) {
      const parsed = reader.push(chunk).map(fundRow)
      for (const row of parsed) sum.add(row)
      rows.add(parsed)
    },
    end: () => void reader.end(),
    write: (file, size) => rows.write((tx, batch) => tx.books.appendFunds(file, batch), size),
    summary: () => sum.done() ?? null,
  }
}

function fundRow({ line, at, business_id, flow_id, business_name, business_type, direction, amount, balance }: FundFlowLine): FundRow {
  return { line, at, business_id, flow_id, business_name, business_type, direction, amount, balance }
}

/** Collects the packed bytes into pieces and writes each when it is full. */
function piecesOf(world: World, file: number) {
  let held: Uint8Array[] = []
  let size = 0
  let n = 0
  const flush = async (): Promise<void> => {
    const piece = Buffer.concat(held)
    held = []
    size = 0
    await inTransaction(world, (tx) => tx.books.keepPiece(file, n, piece))
    n++
  }
  return {
    add(packed: Uint8Array): void {
      held.push(packed)
      size += packed.byteLength
    },
    write: async (): Promise<void> => {
      if (size >= PIECE_BYTES) await flush()
    },
    end: async (): Promise<void> => {
      if (size > 0) await flush()
    },
  }
}
