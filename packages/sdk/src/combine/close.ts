// Close a combined order. The request must name exactly the sub-orders that were ordered.

import type { CombineClose } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'

export async function combineClose(
  caller: Caller,
  { combine_out_trade_no, ...body }: CombineClose & { combine_out_trade_no: string },
): Promise<void> {
  await caller.send({ endpoint: 'combineClose', parts: { combine_out_trade_no }, body })
}
