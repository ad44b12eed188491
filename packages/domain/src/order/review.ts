// Two operators decide about a payment that differs from its order: it counts, or it does not. The decision uses WeChat's current answer.

import type { Transaction } from '@cashdesk/protocol/spec'
import { fenOf, momentOf, nameOf } from '../fact/read.ts'
import type { Refused } from '../refusal.ts'
import { recipientDiffers } from './observe.ts'
import type { Order, Step } from './order.ts'

export type Decision = 'accepted' | 'rejected'

export type Decided = { ok: true; step: Step } | Refused<'NOT_IN_REVIEW' | 'NOT_DECIDABLE'>

/** `told`: whether `order.closed` was already sent; each event is sent once. `now`: when WeChat gave `fact`. */
export function decide(order: Order, decision: Decision, fact: Transaction, told: boolean, now: number): Decided {
  if (order.state !== 'review') return { ok: false, refusal: 'NOT_IN_REVIEW' }
  return decision === 'accepted' ? accept(order, fact, now) : reject(order, fact, told)
}

/** The amount actually paid goes into the ledger and limits the refunds. A payment to another recipient cannot be accepted: NOT_DECIDABLE. */
function accept(order: Order, fact: Transaction, now: number): Decided {
  const transaction_id = nameOf(fact.transaction_id)
  const total = fenOf(fact.amount?.total)
  const inYuan = (fact.amount?.currency ?? 'CNY') === 'CNY'
  if (fact.trade_state !== 'SUCCESS' || transaction_id === null || !total || !inYuan || recipientDiffers(order, fact)) {
    return { ok: false, refusal: 'NOT_DECIDABLE' }
  }
  const { at, note } = momentOf(fact.success_time, now)
  const next: Order = {
    ...order,
    state: 'paid',
    decision: 'accepted',
    paid_total: total === order.amount.total ? null : total,
    transaction_id,
    paid_at: at,
    payer_total: fenOf(fact.amount?.payer_total),
    next_check_at: null,
  }
  return {
    ok: true,
    step: { order: next, events: ['order.paid'], incidents: [], ...(note !== undefined && { notes: { success_time: note } }) },
  }
}

/** The money stays at WeChat until a person returns it. The same payment reported again changes nothing. */
function reject(order: Order, fact: Transaction, told: boolean): Decided {
  const next: Order = { ...order, state: 'closed', decision: 'rejected', transaction_id: nameOf(fact.transaction_id), next_check_at: null }
  return { ok: true, step: { order: next, events: told ? [] : ['order.closed'], incidents: [] } }
}

/** Fen that may be refunded in all: never more than was paid, nor than was ordered. */
export function refundable(order: Order): number {
  return Math.min(order.amount.total, order.paid_total ?? order.amount.total)
}
