// The fold of a refund: the answer of a create, a query and a notification are facts; this is the only way they change it.

import type { Refund as RefundFact, RefundNotice } from '@cashdesk/protocol/spec'
import { type Refund, type RefundState, type RefundStep, refundAdvances } from './refund.ts'

/** What WeChat told, in whichever of its two shapes (`status` in answers, `refund_status` in notifications). */
export type RefundTold = RefundFact | RefundNotice

/** Law: any permutation with repetition of the same facts gives the same refund and the same events. */
export function observeRefund(refund: Refund, fact: RefundTold): RefundStep {
  const detail = mismatch(refund, fact)
  if (Object.keys(detail).length > 0) return { refund, events: [], incidents: [{ kind: 'refund_mismatch', detail }] }
  const told = stateOf('refund_status' in fact ? fact.refund_status : (fact as RefundFact).status)
  if (!refundAdvances(refund.state, told)) return unchanged(refund)
  const next: Refund = { ...refund, state: told, refund_id: fact.refund_id }
  switch (told) {
    case 'processing':
      return { refund: next, events: [], incidents: [] }
    case 'abnormal':
      // The user's card or account is unusable: the money stays reserved, a person must choose another way.
      return { refund: next, events: [], incidents: [{ kind: 'refund_abnormal', detail: { out_refund_no: refund.out_refund_no } }] }
    case 'closed':
      return { refund: { ...next, next_check_at: null }, events: ['refund.closed'], incidents: [] }
    case 'succeeded':
      return { refund: succeeded(next, fact), events: ['refund.succeeded'], incidents: [] }
    case 'requested':
    case 'rejected':
      return unchanged(refund)
  }
}

/** WeChat certainly refused, and the query said that there is no such refund: nothing was moved. */
export function rejectRefund(refund: Refund, code: string): RefundStep {
  if (refund.state !== 'requested') return unchanged(refund)
  return { refund: { ...refund, state: 'rejected', failure: code, next_check_at: null }, events: ['refund.rejected'], incidents: [] }
}

function succeeded(refund: Refund, fact: RefundTold): Refund {
  return {
    ...refund,
    // WeChat always tells it with SUCCESS; without it the row still needs a time.
    succeeded_at: fact.success_time ? Date.parse(fact.success_time) : refund.updated_at,
    received_account: fact.user_received_account ?? null,
    next_check_at: null,
  }
}

function stateOf(status: RefundFact['status']): RefundState {
  switch (status) {
    case 'PROCESSING':
      return 'processing'
    case 'ABNORMAL':
      return 'abnormal'
    case 'CLOSED':
      return 'closed'
    case 'SUCCESS':
      return 'succeeded'
  }
}

function unchanged(refund: Refund): RefundStep {
  return { refund, events: [], incidents: [] }
}

function mismatch(refund: Refund, fact: RefundTold): Record<string, string> {
  const pairs: readonly [string, unknown, unknown][] = [
    ['out_refund_no', refund.out_refund_no, fact.out_refund_no],
    ['out_trade_no', refund.out_trade_no, fact.out_trade_no],
    ['amount.refund', refund.amount, fact.amount.refund],
  ]
  return Object.fromEntries(pairs.filter(([, ours, told]) => ours !== told).map(([name, ours, told]) => [name, `${ours} / ${told}`]))
}
