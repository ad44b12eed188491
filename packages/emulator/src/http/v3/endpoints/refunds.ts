// Refunds of direct merchants and service providers: create, query, abnormal (v3-endpoints §4).

import { refundAbnormal, refundCreate, refundQuery } from '@cashdesk/protocol/spec'
import type { Merchant } from '../../../platform/merchants/merchants.ts'
import { checkSameSubMerchant } from '../../../platform/orders/trades.ts'
import type { Platform } from '../../../platform/platform.ts'
import { type RefundRecord, refundAnswer } from '../../../platform/refunds/refund.ts'
import { Refusal } from '../../../platform/refusal.ts'
import { type Route, route } from '../route.ts'
import { openField } from '../sensitive.ts'
import { checkNotifyUrl, checkPartner, orderOfRefund } from './order-rules.ts'

export function refundRoutes({ refunds, trades, merchants }: Platform): Route[] {
  const found = (merchant: Merchant, record: RefundRecord | undefined, sub_mchid: string | undefined): RefundRecord => {
    if (record?.mchid !== merchant.mchid || record.sub_mchid !== sub_mchid) {
      throw new Refusal(404, 'RESOURCE_NOT_EXISTS', '退款单不存在')
    }
    return record
  }

  return [
    route(refundCreate, ({ merchant, body }) => {
      checkPartner(merchant, body.sub_mchid)
      if (body.notify_url !== undefined) checkNotifyUrl(body.notify_url)
      const trade = trades.find(merchant.mchid, body)
      // An unpaid order is answered like a missing one (v3-endpoints §4.4).
      if (!trade) throw orderOfRefund()
      checkSameSubMerchant(trade, body.sub_mchid)
      return refundAnswer(refunds.create(trade, body))
    }),
    route(refundQuery, ({ merchant, parts, query }) => {
      checkPartner(merchant, query.sub_mchid)
      return refundAnswer(found(merchant, refunds.find(merchant.mchid, parts['out_refund_no'] ?? ''), query.sub_mchid))
    }),
    route(refundAbnormal, ({ merchant, parts, body, headers }) => {
      checkPartner(merchant, body.sub_mchid)
      const record = found(merchant, refunds.findById(parts['refund_id'] ?? ''), body.sub_mchid)
      if (record.out_refund_no !== body.out_refund_no) throw new Refusal(404, 'RESOURCE_NOT_EXISTS', '退款单不存在')
      for (const field of ['bank_account', 'real_name'] as const) {
        const sealed = body[field]
        if (sealed !== undefined) openField({ merchants, merchant, headers }, `/${field}`, sealed)
      }
      return refundAnswer(refunds.applyAbnormal(record, body.type))
    }),
  ]
}
