// Transfers money to a user, who must confirm it: POST /v3/fund-app/mch-transfer/transfer-bills.

import type { TransferAnswer, TransferRequest } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

/**
 * Amount in fen. Pass the name in plain text: this function seals it. Keep using the same `out_bill_no` until a query says FAIL or CANCELLED.
 * @throws ApiError, NetworkError, UntrustedAnswerError, RequestError
 */
export async function createTransfer(caller: Caller, request: TransferRequest): Promise<TransferAnswer> {
  const { serial, sealOptional } = await caller.sealer()
  const body = { ...request, user_name: sealOptional(request.user_name) }
  return checked<TransferAnswer>(await caller.send({ endpoint: 'transferCreate', body, serial }), 'transfer_bill_no', 'state')
}
