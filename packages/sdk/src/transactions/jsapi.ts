// Place a mini-program order (direct merchant): POST /v3/pay/transactions/jsapi.

import type { JsapiOrder, PrepayAnswer } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { prepayAnswer } from './shape.ts'

/** The whole order without `mchid`, which the client adds. */
export type JsapiInput = Omit<JsapiOrder, 'mchid'>

/**
 * Amounts in fen. The same `out_trade_no` with the same contents is the same order: after an unknown outcome repeat the request, byte for byte.
 * @throws ApiError, NetworkError, UntrustedAnswerError, RequestError
 */
export async function jsapi(caller: Caller, order: JsapiInput): Promise<PrepayAnswer> {
  const body: JsapiOrder = { ...order, mchid: caller.mchid }
  return prepayAnswer(await caller.send({ endpoint: 'jsapiOrder', body }))
}
