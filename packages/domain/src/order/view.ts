// An order as the API shows it: to the merchant's backend (API and events), and to the phone, which gets fewer fields.

import type { Order, OrderAmount, OrderState } from './order.ts'

export interface OrderView {
  merchant: string
  out_trade_no: string
  reference: string | null
  description: string
  /** Fen: ordered, paid by the user, accepted total if it differs from the order, held by refunds, refunded. */
  amount: OrderAmount & { payer_total: number | null; paid_total: number | null; refund_reserved: number; refunded: number }
  attach: string | null
  metadata: Readonly<Record<string, string>> | null
  state: OrderState
  version: number
  mchid: string
  sub_mchid: string | null
  appid: string | null
  payer: { openid: string } | null
  transaction_id: string | null
  /** RFC 3339, as all times here. */
  paid_at: string | null
  late: boolean
  failure: string | null
  time_expire: string
  created_at: string
  updated_at: string
}

export function orderView(order: Order): OrderView {
  return {
    merchant: order.merchant,
    out_trade_no: order.out_trade_no,
    reference: order.reference,
    description: order.description,
    amount: {
      ...order.amount,
      payer_total: order.payer_total,
      paid_total: order.paid_total,
      refund_reserved: order.refund_reserved,
      refunded: order.refunded_total,
    },
    attach: order.attach,
    metadata: order.metadata,
    state: order.state,
    version: order.version,
    mchid: order.mchid,
    sub_mchid: order.sub_mchid,
    appid: order.appid,
    payer: order.openid === null ? null : { openid: order.openid },
    transaction_id: order.transaction_id,
    paid_at: order.paid_at === null ? null : time(order.paid_at),
    late: order.late,
    failure: order.failure,
    time_expire: time(order.expires_at),
    created_at: time(order.created_at),
    updated_at: time(order.updated_at),
  }
}

export interface ClientOrderView {
  out_trade_no: string
  description: string
  amount: OrderAmount
  state: OrderState
  paid_at: string | null
}

/** The fields that the payer's phone may see. */
export function clientOrderView(order: Order): ClientOrderView {
  return {
    out_trade_no: order.out_trade_no,
    description: order.description,
    amount: order.amount,
    state: order.state,
    paid_at: order.paid_at === null ? null : time(order.paid_at),
  }
}

function time(ms: number): string {
  return new Date(ms).toISOString()
}
