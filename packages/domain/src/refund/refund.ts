// What we know about one refund. One Cashdesk refund is one `out_refund_no`. A retry keeps its number, because a new number would pay twice.

import type { IncidentKind } from '../incident/incident.ts'
import type { Notes, OrderAmount } from '../order/order.ts'

/** In ascending rank: facts only move a refund up. Only an operator's retry moves it down, from `abnormal` to `processing` (reliability §3.2). */
export type RefundState = 'requested' | 'processing' | 'abnormal' | 'rejected' | 'closed' | 'succeeded'

export interface Refund {
  merchant: string
  out_refund_no: string
  out_trade_no: string
  /** Fen, reserved on the order as soon as the refund is requested. */
  amount: number
  currency: OrderAmount['currency']
  reason: string | null
  state: RefundState
  version: number
  /** The request body as sent to WeChat, byte for byte; empty for a refund that was not made through Cashdesk. */
  request: string
  /** `console`: made on WeChat's merchant platform, and known to us from WeChat. */
  source: 'api' | 'console'
  attempts: number
  refund_id: string | null
  /** Epoch milliseconds, as all times here. */
  succeeded_at: number | null
  received_account: string | null
  /** WeChat's code, if it refused the refund or could not make it yet. */
  failure: string | null
  next_check_at: number | null
  created_at: number
  updated_at: number
}

export type RefundEventType = 'refund.succeeded' | 'refund.closed' | 'refund.rejected'

export interface RefundIncident {
  /** `refund_unreadable`: WeChat signed a state that this version does not understand. */
  kind: Extract<IncidentKind, 'refund_mismatch' | 'refund_abnormal' | 'refund_unreadable'>
  detail: Readonly<Record<string, string>>
}

/** `refund` is the same object if nothing changed. */
export interface RefundStep {
  refund: Refund
  events: readonly RefundEventType[]
  incidents: readonly RefundIncident[]
  notes?: Notes
}

/** For each state, the states that may follow. The fold and the rows and trigger of the database all use this one table. */
export const REFUND_MOVES: Readonly<Record<RefundState, readonly RefundState[]>> = {
  requested: ['processing', 'abnormal', 'rejected', 'closed', 'succeeded'],
  processing: ['abnormal', 'closed', 'succeeded'],
  abnormal: ['processing', 'closed', 'succeeded'],
  rejected: ['succeeded'],
  closed: ['succeeded'],
  succeeded: [],
}

export const REFUND_STATES = Object.keys(REFUND_MOVES) as readonly RefundState[]

/** Whether a fact for state `to` changes a refund in state `from`. Only an operator's retry moves down, from `abnormal` to `processing`. */
export function refundAdvances(from: RefundState, to: RefundState): boolean {
  return REFUND_MOVES[from].includes(to) && !(from === 'abnormal' && to === 'processing')
}

/** Whether the refund's money is reserved on the order. Only a final refusal releases it. */
export function isReserved(state: RefundState): boolean {
  return state !== 'rejected' && state !== 'closed'
}

/** Nothing that we do can change the refund any more. */
export function isRefundSettled(state: RefundState): boolean {
  return state === 'rejected' || state === 'closed' || state === 'succeeded'
}
