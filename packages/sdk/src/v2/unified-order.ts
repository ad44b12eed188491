// Places an order from a mini program: POST /pay/unifiedorder, for a direct merchant, or with sub_mch_id for a sub-merchant.

import type { V2Prepay } from '@cashdesk/protocol/v2'
import type { V2UnifiedOrder } from '@cashdesk/protocol/v2/spec'
import { callV2, type V2CallerOptions } from './caller.ts'

/** The client adds appid, mch_id, trade_type JSAPI and the signature. */
export type V2UnifiedOrderInput = V2UnifiedOrder

/**
 * prepay_id is valid for 2 hours. Placing the same order again returns a new one.
 * @throws ApiError (ORDERPAID, OUT_TRADE_NO_USED: outcome unknown, query the number), NetworkError, UntrustedAnswerError, RequestError
 */
export async function unifiedOrder(options: V2CallerOptions, order: V2UnifiedOrderInput): Promise<V2Prepay> {
  const call = { endpoint: 'v2UnifiedOrder', fields: order, fixed: { trade_type: 'JSAPI' } } as const
  // Each required field of V2Prepay was checked.
  return (await callV2(options, call, 'appid', 'mch_id', 'trade_type', 'prepay_id')) as unknown as V2Prepay
}
