// The state of a share: GET /v3/profitsharing/orders/{out_order_no}.

import type { Share, ShareQuery } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

export async function queryShare(caller: Caller, { out_order_no, ...query }: ShareQuery & { out_order_no: string }): Promise<Share> {
  return checked<Share>(await caller.send({ endpoint: 'shareQuery', parts: { out_order_no }, query }), 'order_id', 'state')
}
