// The state of an order (direct merchant), by out_trade_no or by transaction_id.

import type { DirectTransaction } from '@cashdesk/protocol/spec'
import { type Caller, part } from '../caller.ts'
import { transaction } from './shape.ts'

/** @throws ApiError ORDER_NOT_EXIST if WeChat has no such order. A create under way may still make it exist. */
export async function byOutTradeNo(caller: Caller, out_trade_no: string): Promise<DirectTransaction> {
  const path = `/v3/pay/transactions/out-trade-no/${part(out_trade_no)}`
  return transaction(await caller.send({ endpoint: 'jsapiQueryByOutTradeNo', method: 'GET', path, query: { mchid: caller.mchid } }))
}

export async function byTransactionId(caller: Caller, transaction_id: string): Promise<DirectTransaction> {
  const path = `/v3/pay/transactions/id/${part(transaction_id)}`
  return transaction(await caller.send({ endpoint: 'jsapiQueryById', method: 'GET', path, query: { mchid: caller.mchid } }))
}
