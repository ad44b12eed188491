// The state of a sub-merchant's order, by out_trade_no or by transaction_id.

import type { PartnerTransaction } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { transaction } from '../transactions/shape.ts'

/** @throws ApiError ORDER_NOT_EXIST if WeChat has no such order. A create under way may still make it exist. */
export async function partnerByOutTradeNo(caller: Caller, input: { sub_mchid: string; out_trade_no: string }): Promise<PartnerTransaction> {
  const query = { sp_mchid: caller.mchid, sub_mchid: input.sub_mchid }
  return transaction(await caller.send({ endpoint: 'partnerQueryByOutTradeNo', parts: { out_trade_no: input.out_trade_no }, query }))
}

export async function partnerByTransactionId(
  caller: Caller,
  input: { sub_mchid: string; transaction_id: string },
): Promise<PartnerTransaction> {
  const query = { sp_mchid: caller.mchid, sub_mchid: input.sub_mchid }
  return transaction(await caller.send({ endpoint: 'partnerQueryById', parts: { transaction_id: input.transaction_id }, query }))
}
