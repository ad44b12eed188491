// The state of a combined order. WeChat forbids querying its sub-orders one by one.

import type { CombineTransaction } from '@cashdesk/protocol/spec'
import { type Caller, part } from '../caller.ts'
import { checked } from '../shape.ts'

export async function combineByOutTradeNo(caller: Caller, combine_out_trade_no: string): Promise<CombineTransaction> {
  const path = `/v3/combine-transactions/out-trade-no/${part(combine_out_trade_no)}`
  return checked<CombineTransaction>(await caller.send({ endpoint: 'combineQuery', method: 'GET', path }), 'combine_out_trade_no')
}
