// Orders, each with its history.

import type { Order, Step } from '@cashdesk/domain'

/** Why a row changed. */
export interface Evidence {
  source: 'api' | 'notification' | 'query' | 'close' | 'schedule'
  /** An id to look up: of a notification or a request. */
  ref?: string | undefined
}

export interface Orders {
  /**
   * Writes a new order with its history: as it was placed and, if it changed in the same
   * transaction, its next state. A taken number, key or open reference is an answer, not an error.
   */
  insert(
    order: Order,
    idempotency_key: string | null,
    evidence: Evidence,
    next?: Order,
  ): Promise<'inserted' | 'number taken' | 'key taken' | 'reference open'>
  find(merchant: string, out_trade_no: string): Promise<Order | undefined>
  findByKey(merchant: string, idempotency_key: string): Promise<Order | undefined>
  /** The one open order that carries the merchant's own reference. */
  openByReference(merchant: string, reference: string): Promise<Order | undefined>
  /** A paid order with this reference. There may be several; each beyond the first has an incident. */
  paidByReference(merchant: string, reference: string): Promise<Order | undefined>
  /** The order that has this number at WeChat; `mchid` is the signing merchant. */
  findAtWechat(mchid: string, out_trade_no: string): Promise<Order | undefined>
  /** Like `find`, and locks the order until this transaction ends. */
  lock(merchant: string, out_trade_no: string): Promise<Order | undefined>
  /**
   * Writes a complete step: the row (guarded by its version), history, ledger, events, incidents. Returns the order as stored.
   * @throws StoreError STORE_CONFLICT
   */
  record(before: Order, step: Step, evidence: Evidence, now: number): Promise<Order>
  /** Writes only the time of the next check and the number of attempts, without history. */
  reschedule(order: Order): Promise<void>
  /** Claims due orders, the longest waiting first, for the time of a lease. An order that is not rescheduled by then can be claimed again. */
  claim(now: number, limit: number): Promise<Order[]>
  /** Newest first, after the cursor. */
  list(merchant: string, page: OrderPage): Promise<Order[]>
  history(merchant: string, out_trade_no: string): Promise<HistoryRow[]>
  /** The order for which a buyer was given this support id. */
  findBySupportId(merchant: string, support_id: string): Promise<Order | undefined>
  /** Numbers of orders that are open, and of all that were created since. */
  unresolved(merchant: string, since?: number | undefined): Promise<string[]>
}

export interface OrderPage {
  limit: number
  state?: Order['state'] | undefined
  /** The last order of the page before. */
  after?: { created_at: number; out_trade_no: string } | undefined
}

export interface HistoryRow {
  version: number
  from_state: string
  to_state: string
  source: string
  source_ref: string | null
  /** JSON text: notes about the change (domain `Notes`). */
  detail: string | null
  created_at: number
}
