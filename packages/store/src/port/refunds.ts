// Refunds, each with its history.

import type { Refund, RefundStep } from '@cashdesk/domain'
import type { Evidence, HistoryRow } from './orders.ts'

export interface Refunds {
  /** Holds the amount on the order and writes the refund with its first history row, or does neither. */
  insert(refund: Refund, mchid: string, evidence: Evidence): Promise<'inserted' | 'number taken' | 'not refundable'>
  find(merchant: string, out_refund_no: string): Promise<Refund | undefined>
  /** Like `find`, and nobody else changes the refund until this transaction ends. Lock the order first. */
  lock(merchant: string, out_refund_no: string): Promise<Refund | undefined>
  /** Writes a step whole: the row (guarded by its version), history, the order's sums, ledger, events, incidents. */
  record(before: Refund, step: RefundStep, evidence: Evidence, now: number): Promise<Refund>
  /** Only when to look next, how often was asked, and why it could not be done yet: no history. */
  reschedule(refund: Refund): Promise<void>
  claim(now: number, limit: number): Promise<Refund[]>
  /** Oldest first. */
  ofOrder(merchant: string, out_trade_no: string): Promise<Refund[]>
  history(merchant: string, out_refund_no: string): Promise<HistoryRow[]>
  /** Numbers of those that are open, and of all that were asked for since. */
  unresolved(merchant: string, since?: number | undefined): Promise<string[]>
}
