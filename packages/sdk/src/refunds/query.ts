// The state of a refund: GET /v3/refund/domestic/refunds/{out_refund_no}.

import type { Refund } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

export interface RefundLookup {
  out_refund_no: string
  /** Service providers only. */
  sub_mchid?: string | undefined
}

/** @throws ApiError RESOURCE_NOT_EXISTS if WeChat has no such refund. */
export async function queryRefund(caller: Caller, { out_refund_no, ...query }: RefundLookup): Promise<Refund> {
  return checked<Refund>(
    await caller.send({ endpoint: 'refundQuery', parts: { out_refund_no }, query }),
    'refund_id',
    'out_refund_no',
    'status',
  )
}
