// Withdraws a transfer that the user has not confirmed. Asynchronous: the state is CANCELING first, then CANCELLED.

import type { TransferCancelAnswer } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

export async function cancelTransfer(caller: Caller, out_bill_no: string): Promise<TransferCancelAnswer> {
  return checked<TransferCancelAnswer>(
    await caller.send({ endpoint: 'transferCancel', parts: { out_bill_no } }),
    'transfer_bill_no',
    'state',
  )
}
