// The state of a sub-merchant's order, by out_trade_no or by transaction_id.

import type { PartnerTransaction } from '@cashdesk/protocol/spec'
import { type Caller, part } from '../caller.ts'
import { transaction } from '../transactions/shape.ts'

/** @throws ApiError ORDER_NOT_EXIST if WeChat has no such order. A create under way may still make it exist. */
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
