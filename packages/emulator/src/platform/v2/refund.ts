// A refund in the form of v2: the answer of the refund call, a row of refundquery, and the content of the notification (v2-protocol §7, §8, §11).

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

/** `n` is the number of the row, which ends its field names. */
export function v2RefundRow(record: RefundRecord, n: number): V2Fields {
  const row = {
    out_refund_no: record.out_refund_no,
    refund_id: record.refund_id,
    refund_channel: record.channel,
    refund_fee: record.refund,
    settlement_refund_fee: record.refund,
    refund_status: STATUS[record.status],
    refund_account: accountOf(record),
    // This misspelling is WeChat's own field name.
    refund_recv_accout: RECEIVED_BY,
    refund_success_time: successTime(record),
  }
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [`${name}_${n}`, value]))
}

/** The v2 notification, as XML. It also goes to the address set in the merchant platform, for refunds without notify_url. */
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
