// The state of a combined order. WeChat forbids querying its sub-orders one by one.

import type { CombineTransaction } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

export async function combineByOutTradeNo(caller: Caller, combine_out_trade_no: string): Promise<CombineTransaction> {
  return checked<CombineTransaction>(
    await caller.send({ endpoint: 'combineQuery', parts: { combine_out_trade_no } }),
    'combine_out_trade_no',
  )
}
