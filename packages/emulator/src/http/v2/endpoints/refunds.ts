// POST /secapi/pay/refund, the equivalent /secapi/pay/refundv2, and /pay/refundquery (v2-protocol §7, §8).

import type { RefundRequest } from '@cashdesk/protocol/spec'
import { type V2RefundKey, type V2RefundRequest, v2Refund, v2RefundQuery } from '@cashdesk/protocol/v2/spec'
import type { Merchant } from '../../../platform/merchants/merchants.ts'
import { checkSameSubMerchant } from '../../../platform/orders/trades.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { RefundRecord } from '../../../platform/refunds/refund.ts'
import { v2RefundAnswer, v2RefundRow } from '../../../platform/v2/refund.ts'
import { checkNotifyUrl, orderNotExist } from '../../v3/endpoints/order-rules.ts'
import { checkSubMerchantNamed } from '../gate/parties.ts'
import { spelled, V2Refusal } from '../refusal.ts'
import { type V2Input, type V2Route, v2Route } from '../route.ts'

/** The most refunds in one answer (v2-protocol §8). */
const ROWS_MAX = 10

export function refundRoutes(platform: Platform): V2Route[] {
  const { refunds, trades } = platform

  const create = ({ merchant, body }: V2Input<V2RefundRequest>) => {
    checkSubMerchantNamed(merchant, body.sub_mch_id)
    if (body.notify_url !== undefined) checkNotifyUrl(body.notify_url)
    const trade = trades.find(merchant.mchid, body)
    if (!trade) throw orderNotExist()
    checkSameSubMerchant(trade, body.sub_mch_id)
    const again = refunds.find(merchant.mchid, body.out_refund_no) !== undefined
    const wrongFee = again || body.total_fee !== trade.total
    const codes = { INVALID_REQUEST: wrongFee ? 'REFUND_FEE_MISMATCH' : 'ERROR' }
    return v2RefundAnswer(spelled(codes, () => refunds.create(trade, requestOf(body), 'v2')))
  }

  const refund = v2Route(platform, { endpoint: v2Refund, act: create })
  return [
    refund,
    { ...refund, path: '/secapi/pay/refundv2' },
    v2Route(platform, {
      endpoint: v2RefundQuery,
      act({ merchant, body }) {
        checkSubMerchantNamed(merchant, body.sub_mch_id)
        return listOf(found(platform, merchant, body), body.offset ?? 0)
      },
    }),
  ]
}

function requestOf(body: V2RefundRequest): RefundRequest {
  const { transaction_id, out_trade_no, refund_desc, notify_url, refund_account } = body
  return {
    // When both numbers are given, WeChat uses transaction_id (v2-protocol §7).
    ...(transaction_id === undefined ? { out_trade_no } : { transaction_id }),
    out_refund_no: body.out_refund_no,
    ...(refund_desc !== undefined && { reason: refund_desc }),
    ...(notify_url !== undefined && { notify_url }),
    ...(refund_account === 'REFUND_SOURCE_RECHARGE_FUNDS' && { funds_account: 'AVAILABLE' }),
    amount: { refund: body.refund_fee, total: body.total_fee, currency: 'CNY' },
  }
}

/** One refund by its own number, or all refunds of an order, oldest first. @throws V2Refusal REFUNDNOTEXIST */
function found({ refunds, trades }: Platform, merchant: Merchant, key: V2RefundKey): RefundRecord[] {
  const records = recordsOf(refunds, key, merchant.mchid, trades.find(merchant.mchid, key)?.refund_ids ?? [])
  const mine = records.filter((record) => record?.mchid === merchant.mchid && record.sub_mchid === key.sub_mch_id)
  if (mine.length === 0) throw new V2Refusal('REFUNDNOTEXIST', '退款单不存在')
  return mine.filter((record) => record !== undefined)
}

/** The records by the first number given, in this order of precedence: refund_id > out_refund_no > the order's numbers (v2-protocol §8). */
function recordsOf(
  refunds: Platform['refunds'],
  { refund_id, out_refund_no }: V2RefundKey,
  mchid: string,
  refund_ids: readonly string[],
): (RefundRecord | undefined)[] {
  if (refund_id !== undefined) return [refunds.findById(refund_id)]
  if (out_refund_no !== undefined) return [refunds.find(mchid, out_refund_no)]
  return refund_ids.map((id) => refunds.findById(id))
}

function listOf(records: readonly RefundRecord[], offset: number): Record<string, string | number | undefined> {
  const shown = records.slice(offset, offset + ROWS_MAX)
  const [first] = records
  return {
    transaction_id: first?.transaction_id,
    out_trade_no: first?.out_trade_no,
    total_fee: first?.total,
    settlement_total_fee: first?.total,
    fee_type: 'CNY',
    cash_fee: first?.total,
    total_refund_count: records.length,
    refund_count: shown.length,
    refund_fee: shown.reduce((sum, { refund }) => sum + refund, 0),
    ...Object.assign({}, ...shown.map((record, n) => v2RefundRow(record, n))),
  }
}
