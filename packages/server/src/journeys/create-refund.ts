// The merchant's backend requests a refund: reserve the amount in one transaction → ask WeChat → record its answer in one transaction → answer.

import type { CreateRefundRequest } from '@cashdesk/contract'
import { type Refund, type RefundInput, type RefundRefusal, refundDifferences, requestRefund } from '@cashdesk/domain'
import { type ApiKey, isOperator } from '../access/keys.ts'
import { Problem } from '../problem.ts'
import type { Merchant } from '../wechat/merchant.ts'
import { askForRefund } from '../wechat/settle-refund.ts'
import type { World } from '../world.ts'

export interface CreatedRefund {
  refund: Refund
  /** False when the same refund existed already. */
  fresh: boolean
}

/** Returns the refund as it is after the first attempt: usually `processing`, or `requested` while WeChat has not answered. @throws Problem */
export async function createRefund(
  world: World,
  merchant: Merchant,
  out_trade_no: string,
  body: CreateRefundRequest,
  key: ApiKey,
): Promise<CreatedRefund> {
  const input: RefundInput = { out_refund_no: body.out_refund_no, amount: body.amount.refund, reason: body.reason ?? null }
  const { refund, fresh } = await hold(world, merchant, out_trade_no, input, key)
  if (fresh) world.log('refund.requested', { merchant: merchant.id, out_trade_no })
  // If WeChat has not answered yet, a repeated request sends the refund again, with the same number and the same bytes.
  const toSend = refund.state === 'requested' && refund.source === 'api'
  return { refund: toSend ? await askForRefund(world, merchant, refund) : refund, fresh }
}

async function hold(world: World, merchant: Merchant, out_trade_no: string, input: RefundInput, key: ApiKey): Promise<CreatedRefund> {
  const now = world.clock.now()
  return world.store.transaction(async (tx) => {
    const order = await tx.orders.lock(merchant.id, out_trade_no)
    if (!order) throw new Problem('not_found')
    const known = await tx.refunds.find(merchant.id, input.out_refund_no)
    if (known) return { refund: same(known, out_trade_no, input), fresh: false }
    const asked = requestRefund(order, input, (of) => merchant.refundRequest(of, input), now)
    if (!asked.ok) throw refusal(asked)
    switch (await tx.refunds.insert(asked.refund, merchant.recipient.mchid, { source: 'api', ref: key.id })) {
      case 'inserted':
        if (isOperator(key)) {
          const act = { at: now, who: key.id, act: 'refund.request', merchant: merchant.id, subject: input.out_refund_no }
          await tx.auditLog.append({ ...act, detail: { out_trade_no, amount: input.amount } })
        }
        return { refund: asked.refund, fresh: true }
      case 'not refundable':
        throw new Problem('refund_exceeds')
      case 'number taken':
        throw new Problem('refund_differs')
    }
  })
}

function same(refund: Refund, out_trade_no: string, input: RefundInput): Refund {
  const differing = refundDifferences(refund, out_trade_no, input)
  if (differing.length === 0) return refund
  throw new Problem('refund_differs', { errors: differing.map((name) => ({ field: `/${name}`, message: 'differs / 不一致' })) })
}

function refusal(asked: RefundRefusal): Problem {
  switch (asked.refusal) {
    case 'ORDER_NOT_PAID':
      return new Problem('order_not_paid')
    case 'REFUND_TOO_LATE':
      return new Problem('refund_too_late')
    case 'AMOUNT_EXCEEDS_REFUNDABLE':
      return new Problem('refund_exceeds')
    case 'TOO_MANY_REFUNDS':
      return new Problem('too_many_refunds')
  }
}
