// Orders, each with its history.

import type { Order, Step } from '@cashdesk/domain'

/** Why a row changed. */
export interface Evidence {
  source: 'api' | 'notification' | 'query' | 'close' | 'schedule'
  /** What can be looked up: a notification's id, a request id. */
  ref?: string | undefined
}

export interface Orders {
  /**
   * Writes a new order with its history: as it was placed and, where it went on at once, as it is then. A taken number, key or open reference
   * is an answer, not an error.
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
  /** A paid one; there may be several, and each beyond the first is an incident. */
  paidByReference(merchant: string, reference: string): Promise<Order | undefined>
  /** Whom an order at WeChat belongs to: `mchid` is the signing merchant. */
  findAtWechat(mchid: string, out_trade_no: string): Promise<Order | undefined>
  /** Like `find`, and nobody else changes the order until this transaction ends. */
  lock(merchant: string, out_trade_no: string): Promise<Order | undefined>
  /** Writes a step whole: the row (guarded by its version), history, ledger, events, incidents. Returns the order as stored. */
  record(before: Order, step: Step, evidence: Evidence, now: number): Promise<Order>
  /** Only when to look next and how often was asked: no history. */
  reschedule(order: Order): Promise<void>
  /** Takes orders whose next look is due, the longest waiting first, for a while: what is not rescheduled by then is taken again. */
  claim(now: number, limit: number): Promise<Order[]>
  /** Newest first, after the cursor. */
  list(merchant: string, page: OrderPage): Promise<Order[]>
  history(merchant: string, out_trade_no: string): Promise<HistoryRow[]>
  /** The order about which a buyer was told to quote this. */
  findBySupportId(merchant: string, support_id: string): Promise<Order | undefined>
  /** Numbers of those that are open, and of all that were placed since. */
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
  /** JSON text: what is noted beside the move (domain `Notes`). */
  detail: string | null
  created_at: number
}
