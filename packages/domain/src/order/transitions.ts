// The allowed moves of an order. The predicates below, the CHECK and trigger of the database, and the audit all use this one table.

import type { OrderState } from './order.ts'

/** For each state, the states that may follow. Facts only move an order up; `review` is left when two operators have decided (reliability §3.1). */
export const ORDER_MOVES: Readonly<Record<OrderState, readonly OrderState[]>> = {
  created: ['ordering', 'closed', 'review', 'paid'],
  ordering: ['pending', 'closing', 'failed', 'closed', 'review', 'paid'],
  pending: ['closing', 'closed', 'review', 'paid'],
  closing: ['closed', 'review', 'paid'],
  failed: ['review', 'paid'],
  closed: ['review', 'paid'],
  review: ['closed', 'paid'],
  paid: [],
}

export const ORDER_STATES = Object.keys(ORDER_MOVES) as readonly OrderState[]

/** Whether a fact for state `to` changes an order in state `from`. Duplicated and reordered facts therefore change nothing. */
export function advances(from: OrderState, to: OrderState): boolean {
  // Only operators move an order from review to closed.
  return ORDER_MOVES[from].includes(to) && !(from === 'review' && to === 'closed')
}

const OPEN: ReadonlySet<OrderState> = new Set(['created', 'ordering', 'pending', 'closing'])
const SETTLED: ReadonlySet<OrderState> = new Set(['failed', 'closed', 'paid'])

/** Nothing that we do can change the order any more. Only a later fact of WeChat can still move `failed` and `closed` up. */
export function isSettled(state: OrderState): boolean {
  return SETTLED.has(state)
}

/** Waiting for the payment, or for WeChat's confirmation that there will be none. */
export function isOpen(state: OrderState): boolean {
  return OPEN.has(state)
}
