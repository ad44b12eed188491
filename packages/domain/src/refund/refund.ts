// What we know about one refund. One Cashdesk refund is one `out_refund_no`; a retry keeps its number, for a new one would pay twice.

import type { IncidentKind } from '../incident/incident.ts'
import type { Notes, OrderAmount } from '../order/order.ts'

/** By rank; evidence only moves a refund up. Only a person's retry steps down, from `abnormal` to `processing` (reliability §3.2). */
export type RefundState = 'requested' | 'processing' | 'abnormal' | 'rejected' | 'closed' | 'succeeded'

export interface Refund {
  merchant: string
  out_refund_no: string
  out_trade_no: string
  /** Fen, reserved on the order from the first moment. */
  amount: number
  currency: OrderAmount['currency']
  reason: string | null
  state: RefundState
  version: number
  /** The request as sent to WeChat, byte for byte; empty for one that we did not ask for. */
  request: string
  /** `console`: made on WeChat's merchant platform, and told to us. */
  source: 'api' | 'console'
  attempts: number
  refund_id: string | null
  /** Epoch milliseconds, as all times here. */
  succeeded_at: number | null
  received_account: string | null
  /** WeChat's code, when it refused or could not yet. */
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

/** `refund` is the same object when nothing changed. */
export interface RefundStep {
  refund: Refund
  events: readonly RefundEventType[]
  incidents: readonly RefundIncident[]
  notes?: Notes
}

/** From each state to which others: the one table that the fold, the database's rows and its trigger say. */
export const REFUND_MOVES: Readonly<Record<RefundState, readonly RefundState[]>> = {
  requested: ['processing', 'abnormal', 'rejected', 'closed', 'succeeded'],
  processing: ['abnormal', 'closed', 'succeeded'],
  abnormal: ['processing', 'closed', 'succeeded'],
  rejected: ['succeeded'],
  closed: ['succeeded'],
  succeeded: [],
}

export const REFUND_STATES = Object.keys(REFUND_MOVES) as readonly RefundState[]

/** Whether evidence for `to` is news to a refund in `from`. Only a person's retry steps down, from `abnormal` to `processing`. */
export function refundAdvances(from: RefundState, to: RefundState): boolean {
  return REFUND_MOVES[from].includes(to) && !(from === 'abnormal' && to === 'processing')
}

/** Whether its money is held on the order: released only by a final no. */
export function isReserved(state: RefundState): boolean {
  return state !== 'rejected' && state !== 'closed'
}

/** Nothing of ours can follow. */
export function isRefundSettled(state: RefundState): boolean {
  return state === 'rejected' || state === 'closed' || state === 'succeeded'
}
