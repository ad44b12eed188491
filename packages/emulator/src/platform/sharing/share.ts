// One share, unfreeze or return as WeChat keeps it, and its answers (v3-endpoints §6).

import { beijingTime } from '@cashdesk/protocol'
import type { Share, ShareResultReceiver, ShareReturn } from '@cashdesk/protocol/spec'

export interface ShareRecord {
  mchid: string
  sub_mchid?: string
  kind: 'share' | 'unfreeze'
  order_id: string
  out_order_no: string
  fingerprint: string
  transaction_id: string
  state: 'PROCESSING' | 'FINISHED'
  created_at: number
  unfreeze_unsplit: boolean
  receivers: ShareResultReceiver[]
  /** detail_id of the receiver that stands for the released rest: the merchant itself. */
  rest?: string
}

export interface ReturnRecord {
  mchid: string
  sub_mchid?: string
  order_id: string
  out_order_no: string
  out_return_no: string
  return_id: string
  return_mchid: string
  fingerprint: string
  transaction_id: string
  amount: number
  description: string
  result: 'PROCESSING' | 'SUCCESS' | 'FAILED'
  fail_reason?: string
  created_at: number
  finished_at?: number
}

export function shareAnswer({ sub_mchid, transaction_id, out_order_no, order_id, state, receivers }: ShareRecord): Share {
  return { ...(sub_mchid !== undefined && { sub_mchid }), transaction_id, out_order_no, order_id, state, receivers }
}

export function returnAnswer(record: ReturnRecord): ShareReturn {
  const { sub_mchid, fail_reason, finished_at } = record
  return {
    ...(sub_mchid !== undefined && { sub_mchid }),
    order_id: record.order_id,
    out_order_no: record.out_order_no,
    out_return_no: record.out_return_no,
    return_id: record.return_id,
    return_mchid: record.return_mchid,
    amount: record.amount,
    description: record.description,
    result: record.result,
    ...(fail_reason !== undefined && { fail_reason }),
    create_time: beijingTime(record.created_at),
    ...(finished_at !== undefined && { finish_time: beijingTime(finished_at) }),
  }
}
