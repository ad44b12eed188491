// What we know about one order. One Cashdesk order is one `out_trade_no`.

import type { IncidentKind } from '../incident/incident.ts'

/** In ascending rank: facts only move an order up (reliability §3.1). */
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

/** What the merchant's backend gives with an order. It never changes. */
export interface OrderTerms {
  /** Our name of the merchant that owns the order. Every look-up starts with it. */
  merchant: string
  out_trade_no: string
  /** The merchant's own order number. At most one open Cashdesk order may carry it. */
  reference: string | null
  description: string
  amount: OrderAmount
  attach: string | null
  metadata: Readonly<Record<string, string>> | null
  /** Epoch milliseconds, as all times here. */
  expires_at: number
}

export interface Order extends OrderTerms, Recipient {
  state: OrderState
  /** Counts the changes; also the number of the newest history row. */
  version: number
  /** The mini program that pays and its user: null until someone pays, then fixed. */
  appid: string | null
  openid: string | null
  /** The request body as sent to WeChat, byte for byte. It is sent again unchanged after an unknown outcome, and to renew a prepay_id. */
  request: string | null
  /** How often the request was sent since the last prepay_id. */
  attempts: number
  prepay_id: string | null
  prepay_expires_at: number | null
  transaction_id: string | null
  paid_at: number | null
  /** Fen the user paid, less coupons. */
  payer_total: number | null
  /** What two operators decided about a payment that differs from the order. Null for nearly every order. */
  decision: 'accepted' | 'rejected' | null
  /** Fen that WeChat says were paid, if that differs from `amount.total` and was accepted. */
  paid_total: number | null
  /** Money came although WeChat had also reported the order closed, or we had given it up. */
  late: boolean
  /** Fen held by refunds that are requested or done; never more than the total. */
  refund_reserved: number
  /** Fen that WeChat has paid back. */
  refunded_total: number
  refund_count: number
  /** WeChat's code, if it refused the order for good. */
  failure: string | null
  /** When the order must be checked next. Null only when nothing can follow. */
  next_check_at: number | null
  created_at: number
  updated_at: number
}

/** Events that are sent to the merchant about an order. */
export type OrderEventType = 'order.paid' | 'order.closed' | 'order.failed'

export interface Incident {
  /** `fact_unreadable`: WeChat signed something about the order that this version does not understand. */
  kind: Extract<IncidentKind, 'payment_mismatch' | 'fact_unreadable'>
  /** The fields that differ, each as `expected / received`. */
  detail: Readonly<Record<string, string>>
}

/** What the history records beside the change of state: fields that could not be taken as WeChat sent them, or WeChat's reason for a refusal. */
export type Notes = Readonly<Record<string, string | Readonly<Record<string, string | null>>>>

/** One step of an order: its new value, the events to send, the incidents to open. `order` is the same object if nothing changed. */
export interface Step {
  order: Order
  events: readonly OrderEventType[]
  incidents: readonly Incident[]
  notes?: Notes
}
