// The books: files of WeChat's bills with their lines, the days, and the differences. Everything is kept by merchant number (mchid), as WeChat's bills are.

import type { DayState, Difference, DifferenceState, Finding, Movement, PaymentPair, RefundPair } from '@cashdesk/domain'

export type BillKind = 'trade' | 'fund_flow'

export interface BillFile {
  id: number
  mchid: string
  date: string
  kind: BillKind
  state: 'loading' | 'current' | 'replaced' | 'broken'
  source: 'wechat' | 'import'
  sha1: string | null
  lines: number
  bytes: number
  /** JSON: the sums of the file. */
  summary: string | null
  problem: string | null
  created_at: number
}

/** A line of the trade bill, as far as it is compared. */
export interface TradeRow {
  line: number
  kind: 'payment' | 'refund' | 'revoked'
  /** Epoch milliseconds. */
  at: number
  transaction_id: string
  out_trade_no: string
  /** Empty on a payment. */
  refund_id: string
  out_refund_no: string
  appid: string
  /** Empty for a direct merchant. */
  sub_mchid: string
  currency: string
  /** Fen, as all amounts but the fee. */
  total: number
  settlement_total: number
  refund: number
  refund_status: string
  /** Thousandths of a fen. */
  fee_millifen: number
  /** Parts per million: 6000 is 0.60%. */
  rate_ppm: number
}

export interface FundRow extends Movement {
  business_id: string
}

export interface BillDay {
  mchid: string
  date: string
  state: DayState
  /** JSON: for each kind of bill `empty`, or why it is not there. */
  files: string
  /** JSON: the statement of the day. */
  statement: string | null
  attempts: number
  runs: number
  next_check_at: number | null
  created_at: number
  updated_at: number
}

/** Lines `from` up to and including `to` of a file. */
export interface Slice {
  from: number
  to: number
}

export interface FeeCount {
  rate_ppm: number
  count: number
  /** Thousandths of a fen: what was charged. */
  fee: number
  /** Rows whose fee is not what the rate gives, and by how much in all. */
  wrong: number
  off: number
}

export interface DifferencePage {
  limit: number
  mchids: readonly string[]
  date?: string | undefined
  state?: DifferenceState | undefined
  /** The id of the last difference of the page before. */
  after?: string | undefined
}

export interface Books {
  /** The day, made if it is new. */
  openDay(mchid: string, date: string, next_check_at: number, now: number): Promise<BillDay>
  day(mchid: string, date: string): Promise<BillDay | undefined>
  days(mchids: readonly string[], from: string, to: string): Promise<BillDay[]>
  /** The newest day that was opened, and when the first order was placed (epoch ms). */
  lastDay(mchid: string): Promise<string | undefined>
  firstOrder(mchid: string): Promise<number | undefined>
  /** Days that are due, leased so that no other server takes them. */
  claimDays(now: number, limit: number): Promise<BillDay[]>
  saveDay(day: BillDay): Promise<void>
  /** Counts a comparison that begins, so that one which was broken off is told from the next. Returns its number. */
  beginRun(mchid: string, date: string): Promise<number>

  /** A file that is being loaded. Its lines count only from `finish` on. */
  begin(of: { mchid: string; date: string; kind: BillKind; source: BillFile['source'] }, now: number): Promise<number>
  keepPiece(file: number, n: number, bytes: Uint8Array): Promise<void>
  appendTrades(file: number, rows: readonly TradeRow[]): Promise<void>
  appendFunds(file: number, rows: readonly FundRow[]): Promise<void>
  /** The file is whole: it takes the place of the one before. */
  finish(file: number, whole: { sha1: string; lines: number; bytes: number; summary: string }): Promise<void>
  fail(file: number, problem: string): Promise<void>
  currentFile(mchid: string, date: string, kind: BillKind): Promise<BillFile | undefined>
  pieces(file: number): Promise<Uint8Array[]>
  /** Removes some lines of files that do not count. Returns how many. */
  sweep(before: number, limit: number): Promise<number>

  /** Payments of the bill that are not just like ours. */
  oddPayments(file: number, slice: Slice): Promise<PaymentPair[]>
  oddRefunds(file: number, slice: Slice): Promise<RefundPair[]>
  feesOf(file: number, slice: Slice): Promise<FeeCount[]>
  /** Payments for which more fee was given back than had been taken. */
  feeReturns(file: number, slice: Slice): Promise<Finding[]>
  /** Rates of the bills before a day. */
  ratesBefore(mchid: string, date: string): Promise<number[]>
  /** Ours of a span of time (epoch ms) that no bill has. */
  missingPayments(mchid: string, from: number, to: number): Promise<Finding[]>
  missingRefunds(mchid: string, from: number, to: number): Promise<Finding[]>
  /** Paid orders of one reference. */
  doublePayments(mchid: string, from: number, to: number): Promise<Finding[]>
  /** Lines of the trade bill whose movements are not there or do not add up. */
  oddFunds(file: number, slice: Slice): Promise<Finding[]>
  /** Movements of payments, fees and refunds that no trade bill explains. */
  extraFunds(file: number, slice: Slice): Promise<FundRow[]>

  /** Writes a finding of a run: new, seen again, or reopened. */
  note(of: { mchid: string; date: string; run: number }, finding: Finding, now: number): Promise<Difference>
  /** Explains those of the day that this run did not find again. */
  explainGone(of: { mchid: string; date: string; run: number }, now: number): Promise<number>
  findDifference(id: string): Promise<Difference | undefined>
  /** Like `findDifference`, and locks it until this transaction ends. */
  lockDifference(id: string): Promise<Difference | undefined>
  /** Writes a change with its history. @throws StoreError STORE_CONFLICT */
  change(before: Difference, after: Difference, actor: string, note: string | null, now: number): Promise<Difference>
  differences(page: DifferencePage): Promise<Difference[]>
  differenceHistory(id: string): Promise<DifferenceHistoryRow[]>
  counts(mchid: string, date: string): Promise<{ unsettled: number; settled: number; at_risk: number }>
}

export interface DifferenceHistoryRow {
  version: number
  from_state: string
  to_state: string
  actor: string
  note: string | null
  created_at: number
}
