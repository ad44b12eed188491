// The state of a transfer, by our number or by WeChat's; available for 30 days.

import type { Transfer } from '@cashdesk/protocol/spec'
import { type Caller, part } from '../caller.ts'
import { checked } from '../shape.ts'

const BASE = '/v3/fund-app/mch-transfer/transfer-bills'

export async function transferByOutBillNo(caller: Caller, out_bill_no: string): Promise<Transfer> {
  const path = `${BASE}/out-bill-no/${part(out_bill_no)}`
  return checked<Transfer>(await caller.send({ endpoint: 'transferQueryByOutBillNo', method: 'GET', path }), 'transfer_bill_no', 'state')
}

export async function transferByBillNo(caller: Caller, transfer_bill_no: string): Promise<Transfer> {
  const path = `${BASE}/transfer-bill-no/${part(transfer_bill_no)}`
  return checked<Transfer>(await caller.send({ endpoint: 'transferQueryByBillNo', method: 'GET', path }), 'transfer_bill_no', 'state')
}
