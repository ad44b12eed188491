// A refund in v2's words: what the refund call answers, a row of refundquery, and what is sealed in the notification (v2-protocol §7, §8, §11).

import { billTime } from '../bills/days.ts'
import type { News } from '../notifications/notifier.ts'
import type { Trade } from '../orders/trades.ts'
import { RECEIVED_BY, type RefundRecord, SUMMARY } from '../refunds/refund.ts'
import { partyFields, type V2Fields } from './fields.ts'

export function v2RefundAnswer(record: RefundRecord): V2Fields {
  const { transaction_id, out_trade_no, out_refund_no, refund_id, refund, total } = record
  return {
    transaction_id,
    out_trade_no,
    out_refund_no,
    refund_id,
    refund_channel: record.channel,
    refund_fee: refund,
    settlement_refund_fee: refund,
    total_fee: total,
    settlement_total_fee: total,
    fee_type: 'CNY',
    cash_fee: total,
    cash_fee_type: 'CNY',
    cash_refund_fee: refund,
  }
}

const STATUS = { PROCESSING: 'PROCESSING', SUCCESS: 'SUCCESS', ABNORMAL: 'CHANGE', CLOSED: 'REFUNDCLOSE' } as const

/** `n` numbers the row's fields. */
export function v2RefundRow(record: RefundRecord, n: number): V2Fields {
  const row = {
    out_refund_no: record.out_refund_no,
    refund_id: record.refund_id,
    refund_channel: record.channel,
    refund_fee: record.refund,
    settlement_refund_fee: record.refund,
    refund_status: STATUS[record.status],
    refund_account: accountOf(record),
    // WeChat's own spelling.
    refund_recv_accout: RECEIVED_BY,
    refund_success_time: successTime(record),
  }
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [`${name}_${n}`, value]))
}

/** The old XML notification. Also what the address set in the merchant platform is told of refunds without notify_url. */
export function v2RefundNews(record: RefundRecord, trade: Trade, notify_url: string): News {
  const { mchid, sub_mchid, transaction_id, out_trade_no, refund_id, out_refund_no, total, refund, status } = record
  if (status === 'PROCESSING') throw new TypeError(`refund ${refund_id} is not final`)
  const result: V2Fields = {
    transaction_id,
    out_trade_no,
    refund_id,
    out_refund_no,
    total_fee: total,
    settlement_total_fee: total,
    refund_fee: refund,
    settlement_refund_fee: refund,
    refund_status: STATUS[status],
    success_time: successTime(record),
    refund_recv_accout: RECEIVED_BY,
    refund_account: accountOf(record),
    refund_request_source: record.external ? 'VENDOR_PLATFORM' : 'API',
  }
  return {
    mchid,
    out_trade_no,
    out_refund_no,
    notify_url,
    event_type: `REFUND.${status}`,
    original_type: 'refund',
    summary: SUMMARY[status],
    resource: result,
    v2: { kind: 'refund', parties: partyFields({ mchid, appid: trade.appid, sub_mchid, sub_appid: trade.sub_appid }) },
  }
}

function successTime({ status, finished_at }: RefundRecord): string | undefined {
  return status === 'SUCCESS' && finished_at !== undefined ? billTime(finished_at) : undefined
}

function accountOf({ funds_account }: RefundRecord): string {
  return funds_account === 'AVAILABLE' ? 'REFUND_SOURCE_RECHARGE_FUNDS' : 'REFUND_SOURCE_UNSETTLED_FUNDS'
}
