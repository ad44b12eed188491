// Requests a refund: POST /secapi/pay/refund, over mutual TLS. The answer means accepted, not refunded.

import type { V2Refund } from '@cashdesk/protocol/v2'
import type { V2RefundRequest } from '@cashdesk/protocol/v2/spec'
import { callV2Mutual, type V2CallerOptions } from './caller.ts'
import { requireSame } from './same-number.ts'

/**
 * After any outcome except a refusal repeat with the *same* `out_refund_no`: a new number would pay twice.
 * @throws TypeError without a client certificate; ApiError (NOTENOUGH: balance too low, repeat later with the same number), NetworkError, UntrustedAnswerError,
 * RequestError
 */
export async function refund(options: V2CallerOptions, request: V2RefundRequest): Promise<V2Refund> {
  const call = { endpoint: 'v2Refund', fields: request } as const
  const answer = await callV2Mutual(
    options,
    call,
    'appid',
    'transaction_id',
    'out_trade_no',
    'out_refund_no',
    'refund_id',
    'refund_fee',
    'total_fee',
  )
  requireSame(call.endpoint, request, answer, 'out_refund_no')
  // Each required field of V2Refund was checked.
  return answer as unknown as V2Refund
}
