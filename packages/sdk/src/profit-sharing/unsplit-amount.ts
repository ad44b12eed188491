// The amount of a payment that can still be shared, in fen: GET /v3/profitsharing/transactions/{transaction_id}/amounts.

import type { UnsplitAmount } from '@cashdesk/protocol/spec'
import type { Caller } from '../caller.ts'
import { checked } from '../shape.ts'

export async function unsplitAmount(caller: Caller, transaction_id: string): Promise<UnsplitAmount> {
  return checked<UnsplitAmount>(await caller.send({ endpoint: 'unsplitAmount', parts: { transaction_id } }), 'transaction_id')
}
