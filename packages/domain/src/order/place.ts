// Placing an order, and comparing a second placement under the same number with the first.

import { nextCheck } from '../time/schedule.ts'
import type { Order, OrderAmount, Recipient } from './order.ts'

export interface Placement {
  merchant: string
  recipient: Recipient
  out_trade_no: string
  reference: string | null
  description: string
  amount: OrderAmount
  attach: string | null
  metadata: Readonly<Record<string, string>> | null
  /** The payer, if the merchant's backend names one. Otherwise the payer is the user who first opens the order with its client_secret. */
  payer: { appid: string; openid: string } | null
  /** Epoch milliseconds. */
  expires_at: number
}

/** A new order. WeChat does not know it yet. */
export function place(p: Placement, now: number): Order {
  return {
    merchant: p.merchant,
    mchid: p.recipient.mchid,
    sub_mchid: p.recipient.sub_mchid,
    out_trade_no: p.out_trade_no,
    reference: p.reference,
    description: p.description,
    amount: p.amount,
    attach: p.attach,
    metadata: p.metadata,
    state: 'created',
    version: 1,
    appid: p.payer?.appid ?? null,
    openid: p.payer?.openid ?? null,
    request: null,
    attempts: 0,
    prepay_id: null,
    prepay_expires_at: null,
    expires_at: p.expires_at,
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
    next_check_at: nextCheck(now, p.expires_at, now),
    created_at: now,
    updated_at: now,
  }
}

/** The fields in which a repeated placement differs from the order of the same number. An empty list means that it is the same order. */
export function differences(order: Order, p: Placement): string[] {
  const pairs: readonly [string, unknown, unknown][] = [
    ['amount.total', order.amount.total, p.amount.total],
    ['amount.currency', order.amount.currency, p.amount.currency],
    ['description', order.description, p.description],
    ['reference', order.reference, p.reference],
    ['attach', order.attach, p.attach],
    ['metadata', canonical(order.metadata), canonical(p.metadata)],
  ]
  const differing = pairs.filter(([, was, is]) => was !== is).map(([name]) => name)
  if (p.payer && order.openid !== null && order.openid !== p.payer.openid) differing.push('payer.openid')
  return differing
}

function canonical(metadata: Readonly<Record<string, string>> | null): string | null {
  return metadata && JSON.stringify(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)))
}
