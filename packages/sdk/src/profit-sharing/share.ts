// Shares a payment among receivers: POST /v3/profitsharing/orders. Possible from one minute after the payment.

import type { Share, ShareRequest } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

/** Pass names in plain text: this function seals them. FINISHED does not mean success; read each receiver's `result`. */
export async function share(caller: Caller, request: ShareRequest): Promise<Share> {
  const { serial, sealOptional } = await caller.sealer()
  const receivers = request.receivers.map((receiver) => ({ ...receiver, name: sealOptional(receiver.name) }))
  const body = { ...request, receivers }
  const answer = await caller.send({ endpoint: 'shareCreate', body, serial })
  return checked<Share>(answer, 'order_id', 'out_order_no', 'state')
}
