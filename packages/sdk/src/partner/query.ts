// Ask WeChat what became of a sub-merchant's order, by our number or by theirs.

import type { PartnerTransaction } from '@cashdesk/protocol/spec'
import { type Caller, part } from '../caller.ts'
import { transaction } from '../transactions/shape.ts'

/** @throws ApiError ORDER_NOT_EXIST when WeChat has no such order — which is no proof that it never will. */
export async function partnerByOutTradeNo(caller: Caller, input: { sub_mchid: string; out_trade_no: string }): Promise<PartnerTransaction> {
  const path = `/v3/pay/partner/transactions/out-trade-no/${part(input.out_trade_no)}`
  const query = { sp_mchid: caller.mchid, sub_mchid: input.sub_mchid }
  return transaction(await caller.send({ endpoint: 'partnerQueryByOutTradeNo', method: 'GET', path, query }))
}

export async function partnerByTransactionId(
  caller: Caller,
  input: { sub_mchid: string; transaction_id: string },
): Promise<PartnerTransaction> {
  const path = `/v3/pay/partner/transactions/id/${part(input.transaction_id)}`
  const query = { sp_mchid: caller.mchid, sub_mchid: input.sub_mchid }
  return transaction(await caller.send({ endpoint: 'partnerQueryById', method: 'GET', path, query }))
}
