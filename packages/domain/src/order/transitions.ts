// The moves of an order: the one table that the predicates below, the database's rows and its trigger, and the audit all say.

import type { OrderState } from './order.ts'

/** From each state to which others. Evidence only moves an order up; `review` is left when two people have decided (reliability §3.1). */
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

/** Whether evidence for `to` is news to an order in `from`: duplicates and disorder then change nothing. */
export function advances(from: OrderState, to: OrderState): boolean {
  // From review only people move an order to closed.
  return ORDER_MOVES[from].includes(to) && !(from === 'review' && to === 'closed')
}

const OPEN: ReadonlySet<OrderState> = new Set(['created', 'ordering', 'pending', 'closing'])
const SETTLED: ReadonlySet<OrderState> = new Set(['failed', 'closed', 'paid'])

/** Nothing of ours can follow; only WeChat's own word can still lift `failed` and `closed`. */
export function isSettled(state: OrderState): boolean {
  return SETTLED.has(state)
}

/** Waiting for money, or for WeChat's word that none will come. */
export function isOpen(state: OrderState): boolean {
  return OPEN.has(state)
}
