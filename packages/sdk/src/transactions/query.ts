// The state of an order (direct merchant), by out_trade_no or by transaction_id.

import type { DirectTransaction } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { transaction } from './shape.ts'

/** @throws ApiError ORDER_NOT_EXIST if WeChat has no such order. A create under way may still make it exist. */
export async function byOutTradeNo(caller: Caller, out_trade_no: string): Promise<DirectTransaction> {
  return transaction(await caller.send({ endpoint: 'jsapiQueryByOutTradeNo', parts: { out_trade_no }, query: { mchid: caller.mchid } }))
}

export async function byTransactionId(caller: Caller, transaction_id: string): Promise<DirectTransaction> {
  return transaction(await caller.send({ endpoint: 'jsapiQueryById', parts: { transaction_id }, query: { mchid: caller.mchid } }))
}
