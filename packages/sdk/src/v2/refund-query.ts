// The state of refunds: POST /pay/refundquery. WeChat numbers the fields of each refund; here they become rows.

import type { TypedFields, V2RefundList, V2RefundRow } from '@cashdesk/protocol/v2'
import type { V2RefundKey } from '@cashdesk/protocol/v2/spec'
import { UntrustedAnswerError } from '../errors.ts'
import { callV2, nameOfV2, type V2CallerOptions } from './caller.ts'
import { requireSame } from './same-number.ts'

const ROW_FIELDS = ['out_refund_no', 'refund_id', 'refund_fee', 'refund_status']
/** WeChat allows at most 50 refunds per order. */
const ROWS_MAX = 50

/** @throws ApiError (REFUNDNOTEXIST), NetworkError, UntrustedAnswerError, RequestError */
export async function refundQuery(options: V2CallerOptions, key: V2RefundKey): Promise<V2RefundList> {
  const call = { endpoint: 'v2RefundQuery', fields: key } as const
  const answer = await callV2(options, call, 'transaction_id', 'out_trade_no', 'total_fee', 'refund_count')
  // Two of the four numbers name an order. The other two name a refund, which is found in the rows.
  if (key.refund_id === undefined && key.out_refund_no === undefined)
    requireSame(call.endpoint, key, answer, 'transaction_id', 'out_trade_no')
  const refunds = rowsOf(answer)
  if (!refunds.some((row) => fits(key, row))) throw untrusted('another refund than asked for')
  const { transaction_id, out_trade_no, total_fee, refund_count, total_refund_count } = answer
  // Each required field of V2RefundList was checked.
  return { transaction_id, out_trade_no, total_fee, refund_count, total_refund_count, refunds } as unknown as V2RefundList
}

function fits(key: V2RefundKey, row: V2RefundRow): boolean {
  if (key.refund_id !== undefined) return row.refund_id === key.refund_id
  return key.out_refund_no === undefined || row.out_refund_no === key.out_refund_no
}

function rowsOf(answer: TypedFields): V2RefundRow[] {
  const count = Number(answer['refund_count'])
  if (count > ROWS_MAX) throw untrusted('more refunds than an order may have')
  return Array.from({ length: count }, (_, n) => rowOf(answer, n))
}

/** `refund_fee_0` is `refund_fee` of row 0; `coupon_refund_fee_0_1` is its `coupon_refund_fee_1`. */
function rowOf(answer: TypedFields, n: number): V2RefundRow {
  const row: Record<string, string | number> = Object.create(null)
  for (const [name, value] of Object.entries(answer)) {
    const match = /^([a-z_]+)_([0-9]{1,2})(_[0-9]{1,2})?$/.exec(name)
    if (match?.[1] && Number(match[2]) === n) row[match[1] + (match[3] ?? '')] = value
  }
  const missing = ROW_FIELDS.find((name) => row[name] === undefined || row[name] === '')
  if (missing) throw untrusted(`no ${missing}_${n}`)
  // Each required field of V2RefundRow was checked.
  return { ...row } as unknown as V2RefundRow
}

function untrusted(reason: string): UntrustedAnswerError {
  return new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request: nameOfV2('v2RefundQuery'), reason })
}
