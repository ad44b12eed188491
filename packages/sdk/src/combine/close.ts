// Close a combined order. The request must name exactly the sub-orders that were ordered.

import type { CombineClose } from '@cashdesk/protocol/spec'
import { type Caller, part } from '../caller.ts'

export async function combineClose(
  caller: Caller,
  { combine_out_trade_no, ...body }: CombineClose & { combine_out_trade_no: string },
): Promise<void> {
  const path = `/v3/combine-transactions/out-trade-no/${part(combine_out_trade_no)}/close`
  await caller.send({ endpoint: 'combineClose', method: 'POST', path, body })
}
