// Requests a refund from WeChat, or queries its result. The out_refund_no never changes:
// an unclear result is queried or sent again under it, never under a new number.

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
import type { World } from '../world.ts'
import { type Asking, asking, soon } from './asking.ts'
import { NotAskedError } from './gate.ts'
import type { Merchant } from './merchant.ts'
import { wechatSaid } from './said.ts'

/** Codes that mean "later, with the same number": the balance is too low, or there are too many requests (reliability E6). */
const LATER = ['NOT_ENOUGH', 'FREQUENCY_LIMITED', 'RATELIMIT_EXCEEDED', 'SIGN_ERROR', 'NO_AUTH']

export const refundAtWechat: Asking<Refund, RefundTold, RefundStep> = asking({
  query: (merchant, { out_refund_no }) => merchant.queryRefund(out_refund_no),
  absent: 'RESOURCE_NOT_EXISTS',
  query_op: 'query_refund',
  settled_event: 'refund.settled',
  failure_event: (op) => (op === 'refund' ? 'refund.not_taken' : 'refund.query_failed'),
  about: ({ out_refund_no }) => ({ out_refund_no }),
  async lock(tx, merchant, { out_trade_no, out_refund_no }) {
    // Every transaction locks the order first, then the refund, so that no two can deadlock.
    await tx.orders.lock(merchant.id, out_trade_no)
    return tx.refunds.lock(merchant.id, out_refund_no)
  },
  record: (tx, refund, step, evidence, now) => tx.refunds.record(refund, step, evidence, now),
  reschedule: (tx, refund) => tx.refunds.reschedule(refund),
  lookLater: lookAtRefundLater,
})
const { ask, step, later, noteFailure } = refundAtWechat

/** Sends the request, or sends it again: WeChat treats the same number as the same refund. Never throws for what WeChat answers. */
export async function askForRefund(world: World, merchant: Merchant, refund: Refund): Promise<Refund> {
  try {
    const fact = await merchant.refund(refund.request)
    return await step(world, merchant, refund, (current, now) => observeRefund(current, fact, now), { source: 'api' })
  } catch (error) {
    return afterFailure(world, merchant, refund, error)
  }
}

/** Queries a refund that is due. One that WeChat does not have is requested again. */
export async function settleRefund(world: World, merchant: Merchant, refund: Refund): Promise<Refund> {
  if (isRefundSettled(refund.state)) return refund
  const told = await ask(world, merchant, refund)
  // A refund that was made on the merchant platform has no request of ours to send.
  const toSend = refund.state === 'requested' && refund.source === 'api'
  if (told === 'not at WeChat') return toSend ? askForRefund(world, merchant, refund) : later(world, merchant, refund)
  if (told === 'no answer') return later(world, merchant, refund)
  if (told === 'not asked') return later(world, merchant, refund, soon)
  const after = await step(world, merchant, refund, (current, now) => observeRefund(current, told, now), { source: 'query' })
  return later(world, merchant, after)
}

/** A certain refusal ends the refund only after a query has confirmed that WeChat has no such refund: an earlier attempt may have succeeded. */
async function afterFailure(world: World, merchant: Merchant, refund: Refund, error: unknown): Promise<Refund> {
  const code = error instanceof ApiError ? error.refusal.code : ((error as { code?: string }).code ?? 'UNKNOWN')
  await noteFailure(world, merchant, refund, 'refund', error)
  const again = failedWith(code, error instanceof NotAskedError ? soon : lookAtRefundLater)
  // Only an answer by WeChat ends a refund. After any other failure the schedule asks again under the same number: the request may have arrived or not.
  if (!(error instanceof ApiError) || !isRefused(error) || error.is(...LATER)) return later(world, merchant, refund, again)
  const told = await ask(world, merchant, refund)
  if (told === 'no answer' || told === 'not asked') return later(world, merchant, refund, again)
  if (told !== 'not at WeChat')
    return step(world, merchant, refund, (current, now) => observeRefund(current, told, now), { source: 'query' })
  const ref = error.refusal.request_id
  const notes = { wechat: { ...wechatSaid(error) } }
  return step(world, merchant, refund, (current) => rejectRefund(current, code, notes), { source: 'api', ref })
}

/** Plans the next check, and records the failure that makes it necessary. */
function failedWith(failure: string, look: (refund: Refund, now: number) => Refund): typeof look {
  return (refund, now) => ({ ...look(refund, now), failure })
}
