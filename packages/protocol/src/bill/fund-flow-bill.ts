// A whole fund-flow bill in memory. The reader of rows is fund-flow-reader.ts; this gives its rows as one list.

import { type FundFlowLine, type FundFlowSummary, fundFlowBillReader } from './fund-flow-reader.ts'
import type { BillExpectation } from './reader.ts'
import { billTime } from './trade-bill.ts'
import { wholeBill } from './whole.ts'

export interface FundFlowRow extends Omit<FundFlowLine, 'line' | 'at' | 'more'> {
  /** `YYYY-MM-DD HH:mm:ss`, Beijing time. */
  time: string
  /** Columns that this version does not know. */
  more: Readonly<Record<string, string>>
}

export interface FundFlowBill {
  rows: FundFlowRow[]
  summary: FundFlowSummary
}

/** Reads a whole file; `fundFlowBillReader` reads one that is too large for memory. @throws MessageError ERR_BILL_FORMAT */
export function parseFundFlowBill(csv: string | Uint8Array, expect?: BillExpectation): FundFlowBill {
  const { rows, summary } = wholeBill(fundFlowBillReader(expect), csv)
  return { rows: rows.map(rowOf), summary }
}

function rowOf({ line: _line, at, more = {}, ...row }: FundFlowLine): FundFlowRow {
  return { ...row, time: billTime(at), more }
}
