// The only function that changes an order by a fact. Notifications, query answers and bill lines are all facts.

import type { DirectTransaction, PartnerTransaction, Transaction } from '@cashdesk/protocol/spec'
import { fenOf, momentOf, nameOf, shown, storableText } from '../fact/read.ts'
import type { Incident, Order, Step } from './order.ts'
import { advances } from './transitions.ts'

/**
 * The order after a fact that WeChat signed, received at `now`. Law: any permutation with repetition of the same facts
 * gives the same order and the same events, so late, repeated and reordered facts need no special case.
 * The type says what WeChat documents. Any field of a real message may differ: then the order stays as it is or goes to review.
 */
export function observe(order: Order, fact: Transaction, now: number): Step {
  switch (fact.trade_state) {
    case 'SUCCESS':
    case 'REFUND': // A refunded order was paid. The refunded amounts come from the facts of the refunds.
      return observePaid(order, fact, now)
    case 'CLOSED':
    case 'REVOKED':
      return observeClosed(order)
    case 'NOTPAY':
    case 'USERPAYING':
    case 'PAYERROR':
    case 'ACCEPT':
      return { order, events: [], incidents: [] }
    default:
      return unreadable(order, { trade_state: shown((fact as { trade_state?: unknown }).trade_state) })
  }
}

/** WeChat sent something that this version does not understand: the order stays as it is, and an incident is opened. */
function unreadable(order: Order, detail: Incident['detail']): Step {
  return { order, events: [], incidents: [{ kind: 'fact_unreadable', detail }] }
}

/** Another order of the merchant already has this payment: this order is not marked paid, and an incident is opened. */
export function paymentTaken(order: Order, transaction_id: string, holder: string): Step {
  return review(order, { kind: 'payment_mismatch', detail: { transaction_id: `${transaction_id} is the payment of ${holder}` } })
}

function observePaid(order: Order, fact: Transaction, now: number): Step {
  if (order.decision !== null) return observeDecided(order, fact)
  const detail = mismatch(order, fact)
  if (Object.keys(detail).length > 0) return review(order, { kind: 'payment_mismatch', detail })
  if (order.state === 'paid') return { order, events: [], incidents: [] }
  const { at, note } = momentOf(fact.success_time, now)
  const paid: Order = {
    ...order,
    ...payerTold(order, fact),
    state: 'paid',
    transaction_id: nameOf(fact.transaction_id),
    paid_at: at,
    payer_total: fenOf(fact.amount?.payer_total),
    late: isLate(order),
    next_check_at: null,
  }
  return { order: paid, events: ['order.paid'], incidents: [], ...(note !== undefined && { notes: { success_time: note } }) }
}

/** The order was decided by two operators, which is final. The same payment again changes nothing; another payment opens an incident and releases nothing. */
function observeDecided(order: Order, fact: Transaction): Step {
  const told = nameOf(fact.transaction_id)
  if (told !== null && told === order.transaction_id) return { order, events: [], incidents: [] }
  const detail = { transaction_id: `${order.transaction_id} / ${shown(fact.transaction_id)}` }
  return { order, events: [], incidents: [{ kind: 'payment_mismatch', detail }] }
}

function observeClosed(order: Order): Step {
  // An order that was paid and also reported closed is marked `late`, whichever fact came first.
  if (order.state === 'paid' || order.state === 'review')
    return { order: order.late ? order : { ...order, late: true }, events: [], incidents: [] }
  if (!advances(order.state, 'closed')) return { order, events: [], incidents: [] }
  return { order: { ...order, state: 'closed', next_check_at: null }, events: ['order.closed'], incidents: [] }
}

/** Money came, but not the amount or payer that was ordered: no `order.paid` is sent, and an incident asks for a person (reliability C8). */
function review(order: Order, incident: Incident): Step {
  const next: Order = advances(order.state, 'review')
    ? { ...order, state: 'review', late: isLate(order), next_check_at: order.expires_at }
    : order
  return { order: next, events: [], incidents: [incident] }
}

function isLate(order: Order): boolean {
  return order.late || order.state === 'closed' || order.state === 'failed'
}

/** Compares `amount.total`, never `payer_total`, because coupons reduce `payer_total`. */
function mismatch(order: Order, fact: Transaction): Record<string, string> {
  const pairs: readonly Pair[] = [
    ['amount.total', order.amount.total, fact.amount?.total],
    ['amount.currency', order.amount.currency, fact.amount?.currency ?? order.amount.currency],
    ['out_trade_no', order.out_trade_no, fact.out_trade_no],
    ...(nameOf(fact.transaction_id) === null ? [['transaction_id', 'a number of WeChat’s', fact.transaction_id] as const] : []),
    ...('sp_mchid' in fact ? partnerPairs(order, fact) : directPairs(order, fact)),
  ]
  const differing = pairs.filter(([, ours, told]) => ours !== told)
  if (differing.length === 0 && order.state === 'paid' && order.transaction_id !== fact.transaction_id) {
    differing.push(['transaction_id', order.transaction_id, fact.transaction_id])
  }
  // An openid is personal data, so the incident says only that it differs.
  return Object.fromEntries(differing.map(([name, ours, told]) => [name, name === 'payer.openid' ? 'differs' : `${ours} / ${shown(told)}`]))
}

/** A field's name, the value we expect, and the value WeChat sent. */
type Pair = readonly [name: string, ours: string | number | null | undefined, told: unknown]

export function recipientDiffers(order: Order, fact: Transaction): boolean {
  return 'sp_mchid' in fact
    ? order.mchid !== fact.sp_mchid || order.sub_mchid !== fact.sub_mchid
    : order.mchid !== fact.mchid || order.sub_mchid !== null
}

function directPairs(order: Order, fact: DirectTransaction): Pair[] {
  return [['mchid', order.mchid, fact.mchid], ['sub_mchid', order.sub_mchid, null], ...payerPairs(order, fact.appid, fact.payer?.openid)]
}

/** The paying mini program is the sub-merchant's if the order named one, otherwise the service provider's. */
function partnerPairs(order: Order, fact: PartnerTransaction): Pair[] {
  return [['sp_mchid', order.mchid, fact.sp_mchid], ['sub_mchid', order.sub_mchid, fact.sub_mchid], ...payerPairs(order, ...payerOf(fact))]
}

/** An order without a known payer (not yet opened, or from a restored backup) accepts any payer. */
function payerPairs(order: Order, appid: string | undefined, openid: string | undefined): Pair[] {
  return [
    ['appid', order.appid, order.appid === null ? null : appid],
    ['payer.openid', order.openid, order.openid === null ? null : (openid ?? order.openid)],
  ]
}

/** The payer from WeChat's message, for an order whose payer we did not know yet. */
function payerTold(order: Order, fact: Transaction): Pick<Order, 'appid' | 'openid'> {
  const [appid, openid] = 'sp_mchid' in fact ? payerOf(fact) : [fact.appid, fact.payer?.openid]
  return { appid: order.appid ?? storableText(appid, 32), openid: order.openid ?? storableText(openid, 128) }
}

function payerOf({ sub_appid, sp_appid, payer }: PartnerTransaction): [appid: string, openid: string | undefined] {
  return sub_appid ? [sub_appid, payer?.sub_openid] : [sp_appid, payer?.sp_openid]
}
