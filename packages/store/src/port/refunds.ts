// Refunds, each with its history.

import type { Refund, RefundStep } from '@cashdesk/domain'
import type { Evidence, HistoryRow } from './orders.ts'

export interface Refunds {
  /** Reserves the amount on the order and writes the refund with its first history row, or does neither. */
  insert(refund: Refund, mchid: string, evidence: Evidence): Promise<'inserted' | 'number taken' | 'not refundable'>
  find(merchant: string, out_refund_no: string): Promise<Refund | undefined>
  /** Like `find`, and locks the refund until this transaction ends. Lock the order first. */
  lock(merchant: string, out_refund_no: string): Promise<Refund | undefined>
  /** Writes a complete step: the row (guarded by its version), history, the order's sums, ledger, events, incidents. @throws StoreError STORE_CONFLICT */
  record(before: Refund, step: RefundStep, evidence: Evidence, now: number): Promise<Refund>
  /** Writes only the time of the next check, the number of attempts and the last failure, without history. */
  reschedule(refund: Refund): Promise<void>
  claim(now: number, limit: number): Promise<Refund[]>
  /** Oldest first. */
  ofOrder(merchant: string, out_trade_no: string): Promise<Refund[]>
  history(merchant: string, out_refund_no: string): Promise<HistoryRow[]>
  /** Numbers of refunds that are open, and of all that were requested since. */
  unresolved(merchant: string, since?: number | undefined): Promise<string[]>
}
