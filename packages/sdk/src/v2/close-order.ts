// Close an unpaid order: POST /pay/closeorder. Not within 5 minutes of ordering.

import type { V2CloseOrder } from '@cashdesk/protocol/v2/spec'
import { ApiError } from '../errors.ts'
import { callV2, type V2CallerOptions } from './caller.ts'

/** Closing a closed order succeeds. @throws ApiError (ORDERPAID: not closed, query the order), NetworkError, UntrustedAnswerError */
export async function closeOrder(options: V2CallerOptions, key: V2CloseOrder): Promise<void> {
  try {
    await callV2(options, { endpoint: 'v2CloseOrder', fields: key })
  } catch (error) {
    const closed = error instanceof ApiError && error.refusal.signed && error.is('ORDERCLOSED')
    if (!closed) throw error
  }
}
