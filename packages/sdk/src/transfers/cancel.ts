// Withdraws a transfer that the user has not confirmed. Asynchronous: the state is CANCELING first, then CANCELLED.

import type { TransferCancelAnswer } from '@cashdesk/protocol/spec'
import { type Caller, part } from '../caller.ts'
import { checked } from '../shape.ts'

export async function cancelTransfer(caller: Caller, out_bill_no: string): Promise<TransferCancelAnswer> {
  const path = `/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/${part(out_bill_no)}/cancel`
  return checked<TransferCancelAnswer>(await caller.send({ endpoint: 'transferCancel', method: 'POST', path }), 'transfer_bill_no', 'state')
}
