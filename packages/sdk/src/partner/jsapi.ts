// Place a mini-program order for a sub-merchant (service provider): POST /v3/pay/partner/transactions/jsapi.

import type { PartnerJsapiOrder, PrepayAnswer } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { prepayAnswer } from '../transactions/shape.ts'

/** The whole order without `sp_mchid`, which the client adds. */
export type PartnerJsapiInput = Omit<PartnerJsapiOrder, 'sp_mchid'>

/**
 * Amounts in fen. `out_trade_no` is unique across all sub-merchants of the provider.
 * @throws ApiError, NetworkError, UntrustedAnswerError, RequestError
 */
export async function partnerJsapi(caller: Caller, order: PartnerJsapiInput): Promise<PrepayAnswer> {
  const body: PartnerJsapiOrder = { ...order, sp_mchid: caller.mchid }
  return prepayAnswer(await caller.send({ endpoint: 'partnerJsapiOrder', body }))
}
