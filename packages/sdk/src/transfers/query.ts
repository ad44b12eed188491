// The state of a transfer, by our number or by WeChat's; available for 30 days.

import type { Transfer } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

export async function transferByOutBillNo(caller: Caller, out_bill_no: string): Promise<Transfer> {
  return checked<Transfer>(await caller.send({ endpoint: 'transferQueryByOutBillNo', parts: { out_bill_no } }), 'transfer_bill_no', 'state')
}

export async function transferByBillNo(caller: Caller, transfer_bill_no: string): Promise<Transfer> {
  return checked<Transfer>(
    await caller.send({ endpoint: 'transferQueryByBillNo', parts: { transfer_bill_no } }),
    'transfer_bill_no',
    'state',
  )
}
