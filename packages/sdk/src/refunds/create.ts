// Requests a refund: POST /v3/refund/domestic/refunds. The answer is normally PROCESSING: the money has not been refunded yet.

import type { Refund, RefundRequest } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

/**
 * Amounts in fen. After any outcome except a refusal repeat with the *same* `out_refund_no`: a new number would pay twice.
 * @throws ApiError (NOT_ENOUGH: balance too low, repeat later with the same number), NetworkError, UntrustedAnswerError, RequestError
 */
export async function createRefund(caller: Caller, refund: RefundRequest): Promise<Refund> {
  const answer = await caller.send({ endpoint: 'refundCreate', body: refund })
  return checked<Refund>(answer, 'refund_id', 'out_refund_no', 'status')
}
