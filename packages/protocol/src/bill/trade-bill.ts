// A whole trade bill in memory. The reader of rows is trade-reader.ts; this gives its rows as one list.

import { beijingTime } from '../time.ts'
import type { BillExpectation } from './reader.ts'
import { type TradeBillSummary, type TradeLine, tradeBillReader } from './trade-reader.ts'
import { wholeBill } from './whole.ts'

export interface TradeBillRow extends Omit<TradeLine, 'line' | 'at' | 'rate_ppm' | 'more'> {
  /** `YYYY-MM-DD HH:mm:ss`, Beijing time. */
  trade_time: string
  /** Columns that this version does not know. */
  more: Readonly<Record<string, string>>
}

export interface TradeBill {
  rows: TradeBillRow[]
  summary: TradeBillSummary
}

/** Reads a whole file; `tradeBillReader` reads one that is too large for memory. @throws MessageError ERR_BILL_FORMAT */
export function parseTradeBill(csv: string | Uint8Array, expect?: BillExpectation): TradeBill {
  const { rows, summary } = wholeBill(tradeBillReader(expect), csv)
  return { rows: rows.map(rowOf), summary }
}

function rowOf({ line: _line, at, rate_ppm: _rate, more = {}, ...row }: TradeLine): TradeBillRow {
  return { ...row, trade_time: billTime(at), more }
}

/** A time as bills write it: `2026-11-24 18:30:00`. */
export function billTime(ms: number): string {
  return beijingTime(ms).slice(0, 19).replace('T', ' ')
}
