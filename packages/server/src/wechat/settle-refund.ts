// We ask WeChat for a refund, or what became of it. Always under the same number: whatever is unclear is asked again, never repeated anew.

import {
  isRefundSettled,
  lookAtRefundLater,
  observeRefund,
  type Refund,
  type RefundStep,
  type RefundTold,
  rejectRefund,
} from '@cashdesk/domain'
import { ApiError, isRefused } from '@cashdesk/sdk'
import type { Evidence } from '@cashdesk/store'
import type { World } from '../world.ts'
import { NotAskedError } from './gate.ts'
import type { Merchant } from './merchant.ts'
import { keepSaid, saidFields, wechatSaid } from './said.ts'

/** Codes that mean "later, with the same number": the balance is short, or too many ask (reliability E6). */
const LATER = ['NOT_ENOUGH', 'FREQUENCY_LIMITED', 'RATELIMIT_EXCEEDED', 'SIGN_ERROR', 'NO_AUTH']

/** Sends the request, or sends it again: WeChat takes the same number as the same refund. Never throws for what WeChat says. */
export async function askForRefund(world: World, merchant: Merchant, refund: Refund): Promise<Refund> {
  try {
    const fact = await merchant.refund(refund.request)
    return await step(world, merchant, refund, (current, now) => observeRefund(current, fact, now), { source: 'api' })
  } catch (error) {
    return afterFailure(world, merchant, refund, error)
  }
}

/** A refund whose time has come: ask what became of it; one that WeChat does not have is asked for again. */
export async function settleRefund(world: World, merchant: Merchant, refund: Refund): Promise<Refund> {
  if (isRefundSettled(refund.state)) return refund
  const told = await ask(world, merchant, refund)
  // Of one that was made on the merchant platform there is nothing to send.
  const toSend = refund.state === 'requested' && refund.source === 'api'
  if (told === 'not at WeChat') return toSend ? askForRefund(world, merchant, refund) : later(world, merchant, refund)
  if (told === 'no answer') return later(world, merchant, refund)
  if (told === 'not asked') return later(world, merchant, refund, soon)
  const after = await step(world, merchant, refund, (current, now) => observeRefund(current, told, now), { source: 'query' })
  return later(world, merchant, after)
}

/** A certain no ends it only once WeChat has also said that there is no such refund: an earlier try may have got through. */
async function afterFailure(world: World, merchant: Merchant, refund: Refund, error: unknown): Promise<Refund> {
  const code = error instanceof ApiError ? error.refusal.code : ((error as { code?: string }).code ?? 'UNKNOWN')
  await noteFailure(world, merchant, refund, 'refund', error)
  if (error instanceof NotAskedError) return later(world, merchant, { ...refund, failure: code }, soon)
  // Only WeChat's own word ends a refund: without a connection or a key to verify by nothing was asked.
  if (!(error instanceof ApiError) || !isRefused(error) || error.is(...LATER)) return later(world, merchant, { ...refund, failure: code })
  const told = await ask(world, merchant, refund)
  if (told === 'no answer' || told === 'not asked') return later(world, merchant, { ...refund, failure: code })
  if (told !== 'not at WeChat')
    return step(world, merchant, refund, (current, now) => observeRefund(current, told, now), { source: 'query' })
  const ref = error.refusal.request_id
  const notes = { wechat: { ...wechatSaid(error) } }
  return step(world, merchant, refund, (current) => rejectRefund(current, code, notes), { source: 'api', ref })
}

/** In the log, and with the refund where it was WeChat that said no. */
async function noteFailure(
  world: World,
  merchant: Merchant,
  { out_trade_no, out_refund_no }: Refund,
  op: 'refund' | 'query_refund',
  error: unknown,
): Promise<void> {
  const event = op === 'refund' ? 'refund.not_taken' : 'refund.query_failed'
  world.log(event, { merchant: merchant.id, out_trade_no, ...saidFields(error) })
  if (!(error instanceof ApiError)) return
  const about = { merchant: merchant.id, out_trade_no, out_refund_no, op }
  await world.store.transaction((tx) => keepSaid(tx, about, error, world.clock.now()))
}

/** What WeChat knows of a refund, in whatever state ours is. */
export async function ask(
  world: World,
  merchant: Merchant,
  refund: Refund,
): Promise<RefundTold | 'not at WeChat' | 'no answer' | 'not asked'> {
  try {
    return await merchant.queryRefund(refund.out_refund_no)
  } catch (error) {
    if (error instanceof ApiError && error.refusal.signed && error.is('RESOURCE_NOT_EXISTS')) return 'not at WeChat'
    if (error instanceof NotAskedError) return 'not asked'
    await noteFailure(world, merchant, refund, 'query_refund', error)
    return 'no answer'
  }
}

/** One step of the refund as it is by now. */
export async function step(
  world: World,
  merchant: Merchant,
  refund: Refund,
  next: (current: Refund, now: number) => RefundStep,
  evidence: Evidence,
): Promise<Refund> {
  const now = world.clock.now()
  const after = await world.store.transaction(async (tx) => {
    // Order first, then refund, everywhere: no two transactions wait for each other.
    await tx.orders.lock(merchant.id, refund.out_trade_no)
    const current = await tx.refunds.lock(merchant.id, refund.out_refund_no)
    return current ? tx.refunds.record(current, next(current, now), evidence, now) : refund
  })
  if (after.state !== refund.state)
    world.log('refund.settled', { merchant: merchant.id, out_trade_no: refund.out_trade_no, state: after.state })
  return after
}

function soon(refund: Refund, now: number): Refund {
  return { ...refund, next_check_at: now + NotAskedError.AGAIN_MS }
}

async function later(world: World, merchant: Merchant, refund: Refund, look = lookAtRefundLater): Promise<Refund> {
  if (refund.next_check_at === null || world.skew.isWrong()) return refund
  return world.store.transaction(async (tx) => {
    const current = await tx.refunds.lock(merchant.id, refund.out_refund_no)
    if (!current || current.next_check_at === null) return current ?? refund
    const next = { ...look(current, world.clock.now()), failure: refund.failure }
    await tx.refunds.reschedule(next)
    return next
  })
}
