// The state of a share: GET /v3/profitsharing/orders/{out_order_no}.

import type { Share, ShareQuery } from '@cashdesk/protocol/spec'
import { type Caller, part } from '../caller.ts'
import { checked } from '../shape.ts'

export async function queryShare(caller: Caller, { out_order_no, ...query }: ShareQuery & { out_order_no: string }): Promise<Share> {
  const path = `/v3/profitsharing/orders/${part(out_order_no)}`
  return checked<Share>(await caller.send({ endpoint: 'shareQuery', method: 'GET', path, query }), 'order_id', 'state')
}
