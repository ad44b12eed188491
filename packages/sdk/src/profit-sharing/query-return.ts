// The state of a return: GET /v3/profitsharing/return-orders/{out_return_no}.

import type { ShareReturn, ShareReturnQuery } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

export async function queryReturn(
  caller: Caller,
  { out_return_no, ...query }: ShareReturnQuery & { out_return_no: string },
): Promise<ShareReturn> {
  return checked<ShareReturn>(await caller.send({ endpoint: 'shareReturnQuery', parts: { out_return_no }, query }), 'return_id', 'result')
}
