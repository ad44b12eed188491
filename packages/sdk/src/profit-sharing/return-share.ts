// Takes a share back from a merchant receiver: POST /v3/profitsharing/return-orders. On PROCESSING repeat with the same number.

import type { ShareReturn, ShareReturnRequest } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

export async function returnShare(caller: Caller, body: ShareReturnRequest): Promise<ShareReturn> {
  return checked<ShareReturn>(await caller.send({ endpoint: 'shareReturnCreate', body }), 'return_id', 'result')
}
