// The one fold. Notification, query answer and bill line are facts; this is the only way they change an order.

import type { DirectTransaction, PartnerTransaction, Transaction } from '@cashdesk/protocol/spec'
import type { Incident, Order, Step } from './order.ts'
import { advances } from './transitions.ts'

/**
 * The order after a fact that WeChat signed. Law: any permutation with repetition of the same facts
 * gives the same order and the same events, so late, doubled and disordered ones need no special case.
 */
export function observe(order: Order, fact: Transaction): Step {
  switch (fact.trade_state) {
    case 'SUCCESS':
    case 'REFUND': // Refunded implies paid; amounts refunded are told by the refunds themselves.
      return observePaid(order, fact)
    case 'CLOSED':
    case 'REVOKED':
      return observeClosed(order)
    case 'NOTPAY':
    case 'USERPAYING':
    case 'PAYERROR':
    case 'ACCEPT':
      return { order, events: [], incidents: [] }
  }
}

function observePaid(order: Order, fact: Transaction): Step {
  if (isDecided(order, fact)) return { order, events: [], incidents: [] }
  const detail = mismatch(order, fact)
  if (Object.keys(detail).length > 0) return review(order, { kind: 'payment_mismatch', detail })
  if (order.state === 'paid') return { order, events: [], incidents: [] }
  const paid: Order = {
    ...order,
    ...payerTold(order, fact),
    state: 'paid',
    transaction_id: fact.transaction_id ?? null,
    paid_at: fact.success_time ? Date.parse(fact.success_time) : null,
    payer_total: fact.amount?.payer_total ?? null,
    late: isLate(order),
    next_check_at: null,
  }
  return { order: paid, events: ['order.paid'], incidents: [] }
}

/** Two people have looked at this very payment already. */
function isDecided(order: Order, fact: Transaction): boolean {
  return order.decision !== null && order.transaction_id === (fact.transaction_id ?? null)
}

function observeClosed(order: Order): Step {
  // Money and "closed" contradict each other: the order remembers both, whichever was told first.
  if (order.state === 'paid' || order.state === 'review')
    return { order: order.late ? order : { ...order, late: true }, events: [], incidents: [] }
  if (!advances(order.state, 'closed')) return { order, events: [], incidents: [] }
  return { order: { ...order, state: 'closed', next_check_at: null }, events: ['order.closed'], incidents: [] }
}

/** Money came, but not what was asked: nothing is released, a person looks (reliability C8). */
function review(order: Order, incident: Incident): Step {
  const next: Order = advances(order.state, 'review')
    ? { ...order, state: 'review', late: isLate(order), next_check_at: order.expires_at }
    : order
  return { order: next, events: [], incidents: [incident] }
}

function isLate(order: Order): boolean {
  return order.late || order.state === 'closed' || order.state === 'failed'
}

/** Compares `amount.total`, never `payer_total`: coupons lower the latter. */
function mismatch(order: Order, fact: Transaction): Record<string, string> {
  const pairs: readonly Pair[] = [
    ['amount.total', order.amount.total, fact.amount?.total],
    ['amount.currency', order.amount.currency, fact.amount?.currency ?? order.amount.currency],
    ['out_trade_no', order.out_trade_no, fact.out_trade_no],
    ...('sp_mchid' in fact ? partnerPairs(order, fact) : directPairs(order, fact)),
  ]
  const differing = pairs.filter(([, ours, told]) => ours !== told)
  if (differing.length === 0 && order.state === 'paid' && order.transaction_id !== fact.transaction_id) {
    differing.push(['transaction_id', order.transaction_id, fact.transaction_id])
  }
  // An openid is personal: that it differs is enough.
  return Object.fromEntries(differing.map(([name, ours, told]) => [name, name === 'payer.openid' ? 'differs' : `${ours} / ${told}`]))
}

/** What it is called, what we expect, what WeChat told. */
type Pair = [name: string, ours: string | number | null | undefined, told: string | number | null | undefined]

export function recipientDiffers(order: Order, fact: Transaction): boolean {
  return 'sp_mchid' in fact
    ? order.mchid !== fact.sp_mchid || order.sub_mchid !== fact.sub_mchid
    : order.mchid !== fact.mchid || order.sub_mchid !== null
}

function directPairs(order: Order, fact: DirectTransaction): Pair[] {
  return [['mchid', order.mchid, fact.mchid], ['sub_mchid', order.sub_mchid, null], ...payerPairs(order, fact.appid, fact.payer?.openid)]
}

/** The paying program is the sub-merchant's where the order named one, else the provider's. */
function partnerPairs(order: Order, fact: PartnerTransaction): Pair[] {
  return [['sp_mchid', order.mchid, fact.sp_mchid], ['sub_mchid', order.sub_mchid, fact.sub_mchid], ...payerPairs(order, ...payerOf(fact))]
}

/** An order that nobody has begun to pay, as far as we know (a restored backup), has no payer to differ from. */
function payerPairs(order: Order, appid: string | undefined, openid: string | undefined): Pair[] {
  return [
    ['appid', order.appid, order.appid === null ? null : appid],
    ['payer.openid', order.openid, order.openid === null ? null : (openid ?? order.openid)],
  ]
}

/** Who paid, where we did not know yet. */
function payerTold(order: Order, fact: Transaction): Pick<Order, 'appid' | 'openid'> {
  const [appid, openid] = 'sp_mchid' in fact ? payerOf(fact) : [fact.appid, fact.payer?.openid]
  return { appid: order.appid ?? appid ?? null, openid: order.openid ?? openid ?? null }
}

function payerOf({ sub_appid, sp_appid, payer }: PartnerTransaction): [appid: string, openid: string | undefined] {
  return sub_appid ? [sub_appid, payer?.sub_openid] : [sp_appid, payer?.sp_openid]
}
