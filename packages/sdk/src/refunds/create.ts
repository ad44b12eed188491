// Ask for a refund: POST /v3/refund/domestic/refunds. The answer is normally PROCESSING: asked for is not refunded.

import type { Refund, RefundRequest } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

/**
 * Amounts in fen. After any outcome but a refusal repeat with the *same* `out_refund_no`: a new number pays twice.
 * @throws ApiError (NOT_ENOUGH: balance short, same number later), NetworkError, UntrustedAnswerError, RequestError
 */
export async function createRefund(caller: Caller, refund: RefundRequest): Promise<Refund> {
  const answer = await caller.send({ endpoint: 'refundCreate', method: 'POST', path: '/v3/refund/domestic/refunds', body: refund })
  return checked<Refund>(answer, 'refund_id', 'out_refund_no', 'status')
}
