// What we know about one order. One Cashdesk order is one `out_trade_no`.

import type { IncidentKind } from '../incident/incident.ts'

/** By rank: evidence only moves an order up (reliability §3.1). */
export type OrderState = 'created' | 'ordering' | 'pending' | 'closing' | 'failed' | 'closed' | 'review' | 'paid'

/** Who receives the money. A direct merchant has no sub_mchid. */
export interface Recipient {
  /** The merchant that signs: `mchid`, or `sp_mchid` of a service provider. */
  mchid: string
  sub_mchid: string | null
}

export interface OrderAmount {
  /** Fen. */
  total: number
  currency: 'CNY'
}

export interface Order extends Recipient {
  /** Our name of the merchant whose order this is. Every look-up starts with it. */
  merchant: string
  out_trade_no: string
  /** The merchant's own order; at most one open Cashdesk order may carry it. */
  reference: string | null
  description: string
  amount: OrderAmount
  attach: string | null
  metadata: Readonly<Record<string, string>> | null
  state: OrderState
  /** Counts the changes; also the number of the newest history row. */
  version: number
  /** The program that pays and its user; unknown until someone pays. Then fixed. */
  appid: string | null
  openid: string | null
  /** The order as sent to WeChat, byte for byte: sent again unchanged after an unknown outcome, and to renew a prepay_id. */
  request: string | null
  /** How often it was sent since the last prepay_id. */
  attempts: number
  prepay_id: string | null
  /** Epoch milliseconds, as all times here. */
  prepay_expires_at: number | null
  expires_at: number
  transaction_id: string | null
  paid_at: number | null
  /** Fen the user paid, less coupons. */
  payer_total: number | null
  /** What two operators made of money that was not what was ordered; null for nearly every order. */
  decision: 'accepted' | 'rejected' | null
  /** Fen that WeChat says were paid, where that is not `amount.total` and was accepted. */
  paid_total: number | null
  /** Money came although WeChat had also said closed, or we had given up. */
  late: boolean
  /** Fen held by refunds that are asked for or done; never more than the total. */
  refund_reserved: number
  /** Fen that WeChat has paid back. */
  refunded_total: number
  refund_count: number
  /** WeChat's code when it refused the order for good. */
  failure: string | null
  /** When it must be looked at next; null only where nothing can follow. */
  next_check_at: number | null
  created_at: number
  updated_at: number
}

/** What goes out to the merchant when something became true. */
export type OrderEventType = 'order.paid' | 'order.closed' | 'order.failed'

export interface Incident {
  /** `fact_unreadable`: WeChat signed something about the order that this version does not understand. */
  kind: Extract<IncidentKind, 'payment_mismatch' | 'fact_unreadable'>
  /** The fields that differ, as `expected / told`. */
  detail: Readonly<Record<string, string>>
}

/** What the history shall say beside the move: fields that could not be taken as WeChat told them, or what WeChat said no with. */
export type Notes = Readonly<Record<string, string | Readonly<Record<string, string | null>>>>

/** A step of an order: what it is now, what became true, what needs a person. `order` is the same object when nothing changed. */
export interface Step {
  order: Order
  events: readonly OrderEventType[]
  incidents: readonly Incident[]
  notes?: Notes
}
