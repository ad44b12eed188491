// Placing an order, and comparing a second placement under the same number with the first.

import { nextCheck } from '../time/schedule.ts'
import type { Order, OrderTerms, Recipient } from './order.ts'

export interface Placement extends OrderTerms {
  recipient: Recipient
  /** The payer, if the merchant's backend names one. Otherwise the payer is the user who first opens the order with its client_secret. */
  payer: { appid: string; openid: string } | null
}

/** A new order. WeChat does not know it yet. */
export function place({ recipient, payer, ...terms }: Placement, now: number): Order {
  return {
    ...recipient,
    ...terms,
    state: 'created',
    version: 1,
    appid: payer?.appid ?? null,
    openid: payer?.openid ?? null,
    request: null,
    attempts: 0,
    prepay_id: null,
    prepay_expires_at: null,
    transaction_id: null,
    paid_at: null,
    payer_total: null,
    decision: null,
    paid_total: null,
    late: false,
    refund_reserved: 0,
    refunded_total: 0,
    refund_count: 0,
    failure: null,
    next_check_at: nextCheck(now, terms.expires_at, now),
    created_at: now,
    updated_at: now,
  }
}

/** The fields in which a repeated placement differs from the order of the same number. An empty list means that it is the same order. */
export function differences(
  order: Order,
  { recipient: _, payer, merchant: __, out_trade_no: ___, expires_at: ____, ...terms }: Placement,
): string[] {
  const [was, is] = [comparable(order), comparable(terms)]
  const differing = Object.keys(is).filter((name) => was[name] !== is[name])
  if (payer && order.openid !== null && order.openid !== payer.openid) differing.push('payer.openid')
  return differing
}

/** The fields with plain values, so that they can be compared one by one. */
function comparable({ amount, metadata, ...plain }: Pick<OrderTerms, 'amount' | 'metadata'>): Readonly<Record<string, unknown>> {
  return { 'amount.total': amount.total, 'amount.currency': amount.currency, ...plain, metadata: canonical(metadata) }
}

function canonical(metadata: Readonly<Record<string, string>> | null): string | null {
  return metadata && JSON.stringify(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)))
}
