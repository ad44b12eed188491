// One refund as WeChat keeps it, with its answer and its notification (v3-endpoints §4.2, v3-notifications §6).

import { beijingTime } from '@cashdesk/protocol'
import type { Refund, RefundFrom, RefundNotice, RefundStatus } from '@cashdesk/protocol/spec'
import type { News } from '../notifications/notifier.ts'

export interface RefundRecord {
  mchid: string
  sub_mchid?: string
  refund_id: string
  out_refund_no: string
  /** The body with sorted keys. A repeated number is compared with it. */
  fingerprint: string
  transaction_id: string
  out_trade_no: string
  notify_url?: string
  created_at: number
  finished_at?: number
  status: RefundStatus
  /** The final status that it will reach. */
  outcome: FinalStatus
  channel: string
  funds_account: string
  total: number
  refund: number
  /** Fen of the fee that were returned. */
  fee: number
  from?: RefundFrom[]
  /** Fen by source. The money goes back there when the refund is closed. */
  taken: { available: number; frozen: number }
  /** Whether it was made by hand in the merchant console. */
  external: boolean
  /** Whether it was requested over v2. Its notification then goes out over v2. */
  v2?: boolean
}

export type FinalStatus = Exclude<RefundStatus, 'PROCESSING'>

export const RECEIVED_BY = '支付用户零钱'

export function refundAnswer(record: RefundRecord): Refund {
  const { refund, total, fee, from, finished_at, status } = record
  return {
    refund_id: record.refund_id,
    out_refund_no: record.out_refund_no,
    transaction_id: record.transaction_id,
    out_trade_no: record.out_trade_no,
    channel: record.channel,
    user_received_account: RECEIVED_BY,
    ...(status === 'SUCCESS' && finished_at !== undefined && { success_time: beijingTime(finished_at) }),
    create_time: beijingTime(record.created_at),
    status,
    funds_account: record.funds_account,
    amount: {
      total,
      refund,
      payer_total: total,
      payer_refund: refund,
      settlement_refund: refund,
      settlement_total: total,
      discount_refund: 0,
      currency: 'CNY',
      refund_fee: fee,
      from: from ?? [],
    },
    promotion_detail: [],
  }
}

export const SUMMARY: Record<FinalStatus, string> = { SUCCESS: '退款成功', ABNORMAL: '退款异常', CLOSED: '退款关闭' }

export function refundNews(record: RefundRecord, notify_url: string, status: FinalStatus): News {
  const { mchid, sub_mchid, out_trade_no, transaction_id, out_refund_no, refund_id, total, refund, finished_at } = record
  const resource: RefundNotice = {
    ...(sub_mchid === undefined ? { mchid } : { sp_mchid: mchid, sub_mchid }),
    out_trade_no,
    transaction_id,
    out_refund_no,
    refund_id,
    refund_status: status,
    ...(status === 'SUCCESS' && finished_at !== undefined && { success_time: beijingTime(finished_at) }),
    amount: { total, refund, payer_total: total, payer_refund: refund },
    user_received_account: RECEIVED_BY,
  }
  return {
    mchid,
    out_trade_no,
    out_refund_no,
    notify_url,
    event_type: `REFUND.${status}`,
    original_type: 'refund',
    summary: SUMMARY[status],
    resource,
  }
}
