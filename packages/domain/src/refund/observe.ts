// The only function that changes a refund by a fact. The answer of a create, a query answer and a notification are all facts.

import type { Refund as RefundFact, RefundNotice } from '@cashdesk/protocol/spec'
import { momentOf, nameOf, shown, storableText } from '../fact/read.ts'
import type { Notes } from '../order/order.ts'
import { type Refund, type RefundState, type RefundStep, refundAdvances } from './refund.ts'

/** What WeChat said about a refund, in either of its two shapes (`status` in answers, `refund_status` in notifications). */
export type RefundTold = RefundFact | RefundNotice

/** The refund after a fact received at `now`. Law: any permutation with repetition of the same facts gives the same refund and the same events. */
export function observeRefund(refund: Refund, fact: RefundTold, now: number): RefundStep {
  const detail = mismatch(refund, fact)
  if (Object.keys(detail).length > 0) return { refund, events: [], incidents: [{ kind: 'refund_mismatch', detail }] }
  const status = 'refund_status' in fact ? fact.refund_status : (fact as RefundFact).status
  const told = stateOf(status)
  if (told === undefined) return { ...unchanged(refund), incidents: [{ kind: 'refund_unreadable', detail: { status: shown(status) } }] }
  if (!refundAdvances(refund.state, told)) return unchanged(refund)
  const next: Refund = { ...refund, state: told, refund_id: nameOf(fact.refund_id) }
  switch (told) {
    case 'processing':
      return { refund: next, events: [], incidents: [] }
    case 'abnormal':
      // The user's card or account cannot take the money. It stays reserved until a person chooses another way.
      return { refund: next, events: [], incidents: [{ kind: 'refund_abnormal', detail: { out_refund_no: refund.out_refund_no } }] }
    case 'closed':
      return { refund: { ...next, next_check_at: null }, events: ['refund.closed'], incidents: [] }
    case 'succeeded':
      return succeeded(next, fact, now)
    case 'requested':
    case 'rejected':
      return unchanged(refund)
  }
}

/** WeChat certainly refused, and a query confirmed that there is no such refund: no money was moved. */
export function rejectRefund(refund: Refund, code: string, notes: Notes = {}): RefundStep {
  if (refund.state !== 'requested') return unchanged(refund)
  return { refund: { ...refund, state: 'rejected', failure: code, next_check_at: null }, events: ['refund.rejected'], incidents: [], notes }
}

/** Another refund of the merchant already has this refund_id: the money is not counted twice, and an incident is opened. */
export function refundIdTaken(refund: Refund, refund_id: string, holder: string): RefundStep {
  return { ...unchanged(refund), incidents: [{ kind: 'refund_mismatch', detail: { refund_id: `${refund_id} is the refund ${holder}` } }] }
}

function succeeded(refund: Refund, fact: RefundTold, now: number): RefundStep {
  const { at, note } = momentOf(fact.success_time, now)
  const received_account = storableText(fact.user_received_account, 256)
  const next: Refund = { ...refund, succeeded_at: at, received_account, next_check_at: null }
  return { refund: next, events: ['refund.succeeded'], incidents: [], ...(note !== undefined && { notes: { success_time: note } }) }
}

/** Undefined for a status that this version does not know. */
function stateOf(status: unknown): RefundState | undefined {
  switch (status) {
    case 'PROCESSING':
      return 'processing'
    case 'ABNORMAL':
      return 'abnormal'
    case 'CLOSED':
      return 'closed'
    case 'SUCCESS':
      return 'succeeded'
    default:
      return undefined
  }
}

function unchanged(refund: Refund): RefundStep {
  return { refund, events: [], incidents: [] }
}

function mismatch(refund: Refund, fact: RefundTold): Record<string, string> {
  const pairs: readonly [string, unknown, unknown][] = [
    ['out_refund_no', refund.out_refund_no, fact.out_refund_no],
    ['out_trade_no', refund.out_trade_no, fact.out_trade_no],
    // The type says what WeChat documents; a real message may lack any of these fields.
    ['amount.refund', refund.amount, (fact as Partial<RefundTold>).amount?.refund],
    ['refund_id', refund.refund_id ?? nameOf(fact.refund_id), fact.refund_id],
  ]
  return Object.fromEntries(pairs.filter(([, ours, told]) => ours !== told).map(([name, ours, told]) => [name, `${ours} / ${shown(told)}`]))
}
