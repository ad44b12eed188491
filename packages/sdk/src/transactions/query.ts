// Ask WeChat what became of an order (direct merchant), by our number or by theirs.

import type { DirectTransaction } from '@cashdesk/protocol/spec'
import { type Caller, part } from '../caller.ts'
import { transaction } from './shape.ts'

/** @throws ApiError ORDER_NOT_EXIST when WeChat has no such order — which is no proof that it never will: a create may be under way. */
export async function byOutTradeNo(caller: Caller, out_trade_no: string): Promise<DirectTransaction> {
  const path = `/v3/pay/transactions/out-trade-no/${part(out_trade_no)}`
  return transaction(await caller.send({ endpoint: 'jsapiQueryByOutTradeNo', method: 'GET', path, query: { mchid: caller.mchid } }))
}

export async function byTransactionId(caller: Caller, transaction_id: string): Promise<DirectTransaction> {
  const path = `/v3/pay/transactions/id/${part(transaction_id)}`
  return transaction(await caller.send({ endpoint: 'jsapiQueryById', method: 'GET', path, query: { mchid: caller.mchid } }))
}
