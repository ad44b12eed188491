// Releases the unshared rest of a payment to the merchant: POST /v3/profitsharing/orders/unfreeze.

import type { Share, UnfreezeRequest } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

/** `out_order_no` must be a new number. With the number of a share WeChat answers success and unfreezes nothing. */
export async function unfreeze(caller: Caller, body: UnfreezeRequest): Promise<Share> {
  return checked<Share>(await caller.send({ endpoint: 'shareUnfreeze', body }), 'order_id', 'out_order_no')
}
