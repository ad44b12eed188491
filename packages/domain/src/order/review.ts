// Money came that is not what was ordered, and two people have decided: it counts, or it does not. WeChat's word as it is now goes with it.

import type { Transaction } from '@cashdesk/protocol/spec'
import type { Refused } from '../refusal.ts'
import { recipientDiffers } from './observe.ts'
import type { Order, Step } from './order.ts'

export type Decision = 'accepted' | 'rejected'

export type Decided = { ok: true; step: Step } | Refused<'NOT_IN_REVIEW' | 'NOT_DECIDABLE'>

/** `told`: whether `order.closed` went out before; a fact is told once. */
export function decide(order: Order, decision: Decision, fact: Transaction, told: boolean): Decided {
  if (order.state !== 'review') return { ok: false, refusal: 'NOT_IN_REVIEW' }
  return decision === 'accepted' ? accept(order, fact) : reject(order, fact, told)
}

/** What really was paid is what counts: it goes into the ledger, and bounds the refunds. Money that another received cannot be counted here. */
function accept(order: Order, fact: Transaction): Decided {
  const { transaction_id, success_time, amount } = fact
  const paid = fact.trade_state === 'SUCCESS' && transaction_id !== undefined && success_time !== undefined && amount !== undefined
  if (!paid || (amount.currency ?? 'CNY') !== 'CNY' || recipientDiffers(order, fact)) return { ok: false, refusal: 'NOT_DECIDABLE' }
  const next: Order = {
    ...order,
    state: 'paid',
    decision: 'accepted',
    paid_total: amount.total === order.amount.total ? null : amount.total,
    transaction_id,
    paid_at: Date.parse(success_time),
    payer_total: amount.payer_total ?? null,
    next_check_at: null,
  }
  return { ok: true, step: { order: next, events: ['order.paid'], incidents: [] } }
}

/** The money stays where it is until a person returns it; the same payment told again changes nothing. */
function reject(order: Order, fact: Transaction, told: boolean): Decided {
  const next: Order = { ...order, state: 'closed', decision: 'rejected', transaction_id: fact.transaction_id ?? null, next_check_at: null }
  return { ok: true, step: { order: next, events: told ? [] : ['order.closed'], incidents: [] } }
}

/** Fen that may be given back in all: never more than came in, nor than was ordered. */
export function refundable(order: Order): number {
  return Math.min(order.amount.total, order.paid_total ?? order.amount.total)
}
