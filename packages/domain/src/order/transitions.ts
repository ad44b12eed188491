// The ranks of an order's states, and the moves they allow. The same table is data in the database (schema), where a trigger keeps it.

import type { OrderState } from './order.ts'

const RANK: Readonly<Record<OrderState, number>> = {
  created: 0,
  ordering: 1,
  pending: 2,
  closing: 3,
  failed: 4,
  closed: 4,
  review: 5,
  paid: 6,
}

export const ORDER_STATES = Object.keys(RANK) as readonly OrderState[]

/** Whether `to` is more than `from`: duplicates and disorder then change nothing. */
export function advances(from: OrderState, to: OrderState): boolean {
  return RANK[to] > RANK[from]
}

/** Nothing of ours can follow; only WeChat's own word can still lift `failed` and `closed`. */
export function isSettled(state: OrderState): boolean {
  return state === 'failed' || state === 'closed' || state === 'paid'
}

/** Waiting for money, or for WeChat's word that none will come. */
export function isOpen(state: OrderState): boolean {
  return RANK[state] < RANK.failed
}
