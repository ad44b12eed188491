// For a refund in ABNORMAL: sends the money to another card.

import type { AbnormalRefundRequest, Refund } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

/** Pass `bank_account` and `real_name` in plain text: this function seals them. */
export type AbnormalRefundInput = AbnormalRefundRequest & { refund_id: string }

export async function applyAbnormalRefund(caller: Caller, { refund_id, ...request }: AbnormalRefundInput): Promise<Refund> {
  const { serial, sealOptional } = await caller.sealer()
  const body = { ...request, bank_account: sealOptional(request.bank_account), real_name: sealOptional(request.real_name) }
  return checked<Refund>(await caller.send({ endpoint: 'refundAbnormal', parts: { refund_id }, body, serial }), 'refund_id', 'status')
}
