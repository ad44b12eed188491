// Requesting a refund: the checks before anything is written, and comparing a second request under the same number with the first.

import { fenOf, nameOf } from '../fact/read.ts'
import type { Order } from '../order/order.ts'
import { refundable } from '../order/review.ts'
import type { Refused } from '../refusal.ts'
import type { RefundTold } from './observe.ts'
import type { Refund } from './refund.ts'

/** WeChat's limits (v3-endpoints §4.3). */
export const REFUNDS_PER_ORDER_MAX = 50
export const REFUND_WINDOW_MS: number = 365 * 24 * 60 * 60 * 1000

/** WeChat advises a first query after a minute. */
const FIRST_LOOK_MS = 60_000
/** The longest pause between two checks of an open refund. */
export const REFUND_PAUSE_MAX_MS: number = 2 * 3_600_000
const PAUSES_MS = [60_000, 5 * 60_000, 30 * 60_000, REFUND_PAUSE_MAX_MS]

export interface RefundInput {
  out_refund_no: string
  /** Fen. */
  amount: number
  reason: string | null
}

export type RefundRefusal = Refused<'ORDER_NOT_PAID' | 'REFUND_TOO_LATE' | 'AMOUNT_EXCEEDS_REFUNDABLE' | 'TOO_MANY_REFUNDS'>

/** A refund that may be tried. The store's guarded statement makes the final check of the amount, because several refunds may be requested at once. */
export function requestRefund(
  order: Order,
  input: RefundInput,
  request: (order: Order) => string,
  now: number,
): { ok: true; refund: Refund } | RefundRefusal {
  if (order.state !== 'paid' || order.paid_at === null) return { ok: false, refusal: 'ORDER_NOT_PAID' }
  if (now > order.paid_at + REFUND_WINDOW_MS) return { ok: false, refusal: 'REFUND_TOO_LATE' }
  if (order.refund_count >= REFUNDS_PER_ORDER_MAX) return { ok: false, refusal: 'TOO_MANY_REFUNDS' }
  if (order.refund_reserved + input.amount > refundable(order)) return { ok: false, refusal: 'AMOUNT_EXCEEDS_REFUNDABLE' }
  return { ok: true, refund: asked(order, input, request(order), now) }
}

function asked(order: Order, input: RefundInput, request: string, now: number): Refund {
  return {
    merchant: order.merchant,
    out_refund_no: input.out_refund_no,
    out_trade_no: order.out_trade_no,
    amount: input.amount,
    currency: order.amount.currency,
    reason: input.reason,
    state: 'requested',
    version: 1,
    request,
    source: 'api',
    attempts: 0,
    refund_id: null,
    succeeded_at: null,
    received_account: null,
    failure: null,
    next_check_at: now + FIRST_LOOK_MS,
    created_at: now,
    updated_at: now,
  }
}

/** The fields in which a repeated request differs. An empty list means that it is the same refund. */
export function refundDifferences(refund: Refund, out_trade_no: string, input: RefundInput): string[] {
  const pairs: readonly [string, unknown, unknown][] = [
    ['out_trade_no', refund.out_trade_no, out_trade_no],
    ['amount', refund.amount, input.amount],
    ['reason', refund.reason, input.reason],
  ]
  return pairs.filter(([, was, is]) => was !== is).map(([name]) => name)
}

/** Checks after 1, 5 and 30 minutes, then every 2 hours, because banks may take days. */
export function lookAtRefundLater(refund: Refund, now: number): Refund {
  const pause = PAUSES_MS[Math.min(refund.attempts, PAUSES_MS.length - 1)] ?? FIRST_LOOK_MS
  return { ...refund, attempts: refund.attempts + 1, next_check_at: now + pause }
}

/**
 * A refund that WeChat signed and that was not made through Cashdesk, but on the merchant platform (reliability E8).
 * It starts as just requested; the fact itself moves it on.
 * Undefined if the fact lacks a required field, or belongs to another payment than this order's.
 */
export function refundFromConsole(order: Order, fact: RefundTold, now: number): Refund | undefined {
  const { out_refund_no, out_trade_no, amount, transaction_id } = fact as Partial<RefundTold>
  const number = nameOf(out_refund_no)
  const fen = fenOf(amount?.refund)
  if (number === null || fen === null || fen === 0 || out_trade_no !== order.out_trade_no) return undefined
  if (nameOf(transaction_id) !== null && transaction_id !== order.transaction_id) return undefined
  return { ...asked(order, { out_refund_no: number, amount: fen, reason: null }, '', now), source: 'console' }
}
