// Two operators decide about an order in review: the proposal in one transaction → with the second key, a query to WeChat → the decision in one
// transaction → answer. A repeated call with the same key changes nothing; a call with an unrelated key confirms the proposal (reliability C8).

import type { ReviewOrderRequest } from '@cashdesk/contract'
import { type Decided, type Decision, decide, type Order } from '@cashdesk/domain'
import type { Transaction } from '@cashdesk/sdk'
import type { Review, Tx } from '@cashdesk/store'
import { areUnrelated } from '../access/keys.ts'
import { Problem } from '../problem.ts'
import type { Merchant } from '../wechat/merchant.ts'
import type { World } from '../world.ts'

const DECISION: Readonly<Record<ReviewOrderRequest['decision'], Decision>> = { accept: 'accepted', reject: 'rejected' }

/** `review.confirmed_by` is null until a second, unrelated key has confirmed. @throws Problem */
export async function reviewOrder(
  world: World,
  merchant: Merchant,
  out_trade_no: string,
  { decision: wish, reason }: ReviewOrderRequest,
  who: string,
): Promise<{ review: Review; order: Order }> {
  const proposal = { merchant: merchant.id, out_trade_no, decision: DECISION[wish], reason, proposed_by: who }
  const proposed = await world.store.transaction((tx) => propose(tx, { ...proposal, proposed_at: world.clock.now() }))
  if (proposed.review.confirmed_by !== null || proposed.review.proposed_by === who) return proposed
  const fact = await ask(world, merchant, out_trade_no)
  const decided = await world.store.transaction((tx) => confirm(tx, proposed.review, fact, who, world.clock.now()))
  world.log('order.reviewed', { merchant: merchant.id, out_trade_no, state: decided.order.state })
  return decided
}

/** The newest proposal counts. A decision that was made stays; asking for the same decision again returns it. */
async function propose(tx: Tx, proposal: Omit<Review, 'confirmed_by' | 'confirmed_at'>): Promise<{ review: Review; order: Order }> {
  const { merchant, out_trade_no, decision, reason, proposed_by, proposed_at } = proposal
  const order = await tx.orders.lock(merchant, out_trade_no)
  if (!order) throw new Problem('not_found')
  const known = await tx.reviews.find(merchant, out_trade_no)
  if (known?.confirmed_by && known.decision === decision && order.decision === decision) return { review: known, order }
  if (order.state !== 'review') throw new Problem('order_not_in_review')
  if (known && known.confirmed_by === null && known.decision === decision) {
    if (known.proposed_by !== proposed_by) await refuseRelated(tx, known, proposed_by)
    return { review: known, order }
  }
  const review = await tx.reviews.propose(proposal)
  const act = { at: proposed_at, who: proposed_by, act: 'review.propose', merchant, subject: out_trade_no }
  await tx.auditLog.append({ ...act, detail: { decision, reason } })
  return { review, order }
}

/** The second key must not be made by the proposer, have made it, or share a maker with it: one person could hold both. @throws Problem review_same_maker */
async function refuseRelated(tx: Tx, proposed: Review, who: string): Promise<void> {
  if (!areUnrelated(proposed.proposed_by, who, await tx.apiKeys.list())) throw new Problem('review_same_maker')
}

async function confirm(tx: Tx, proposed: Review, fact: Transaction, who: string, now: number): Promise<{ review: Review; order: Order }> {
  const { merchant, out_trade_no, decision } = proposed
  const order = await tx.orders.lock(merchant, out_trade_no)
  const known = await tx.reviews.find(merchant, out_trade_no)
  // While WeChat was queried, another call decided or changed the proposal: there is nothing left to confirm.
  if (!order || !known || known.confirmed_by !== null || known.decision !== decision || known.proposed_by === who) {
    throw new Problem('order_not_in_review')
  }
  await refuseRelated(tx, known, who)
  const history = await tx.orders.history(merchant, out_trade_no)
  const told = history.some(({ to_state }) => to_state === 'closed')
  const decided = decide(order, decision, fact, told, now)
  if (!decided.ok) throw refusal(decided)
  const after = await tx.orders.record(order, decided.step, { source: 'api', ref: who }, now)
  await tx.reviews.confirm(known, who, now)
  const incident = await tx.incidents.openOne(merchant, 'payment_mismatch', out_trade_no)
  if (incident) await tx.incidents.resolve(incident, { by: who, note: `${decision}: ${known.reason}`, now })
  const detail = { decision, proposed_by: known.proposed_by, total: order.amount.total, paid_total: fact.amount?.total ?? null }
  await tx.auditLog.append({ at: now, who, act: 'review.confirm', merchant, subject: out_trade_no, detail })
  return { review: { ...known, confirmed_by: who, confirmed_at: now }, order: after }
}

async function ask(world: World, merchant: Merchant, out_trade_no: string): Promise<Transaction> {
  try {
    return await merchant.query(out_trade_no)
  } catch (cause) {
    world.log('order.query_failed', { merchant: merchant.id, out_trade_no })
    throw new Problem('wechat_unreachable', {}, { cause })
  }
}

function refusal({ refusal }: Exclude<Decided, { ok: true }>): Problem {
  switch (refusal) {
    case 'NOT_IN_REVIEW':
      return new Problem('order_not_in_review')
    case 'NOT_DECIDABLE':
      return new Problem('review_not_acceptable')
  }
}
