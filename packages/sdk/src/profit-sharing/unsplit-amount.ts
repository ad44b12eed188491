// How much of a payment can still be shared: GET /v3/profitsharing/transactions/{transaction_id}/amounts. Fen.

import type { UnsplitAmount } from '@cashdesk/protocol/spec'
import { type Caller, part } from '../caller.ts'
import { checked } from '../shape.ts'

export async function unsplitAmount(caller: Caller, transaction_id: string): Promise<UnsplitAmount> {
  const path = `/v3/profitsharing/transactions/${part(transaction_id)}/amounts`
  return checked<UnsplitAmount>(await caller.send({ endpoint: 'unsplitAmount', method: 'GET', path }), 'transaction_id')
}
