// The state of an order: POST /pay/orderquery.

import type { V2Order } from '@cashdesk/protocol/v2'
import type { V2OrderKey } from '@cashdesk/protocol/v2/spec'
import { callV2, type V2CallerOptions } from './caller.ts'
import { requireSame } from './same-number.ts'

/** The money fields are present and reliable only if trade_state is SUCCESS. @throws ApiError (ORDERNOTEXIST) */
export async function orderQuery(options: V2CallerOptions, key: V2OrderKey): Promise<V2Order> {
  const call = { endpoint: 'v2OrderQuery', fields: key } as const
  const answer = await callV2(options, call, 'appid', 'mch_id', 'out_trade_no', 'trade_state')
  requireSame(call.endpoint, key, answer, 'transaction_id', 'out_trade_no')
  // Each required field of V2Order was checked.
  return answer as unknown as V2Order
}
