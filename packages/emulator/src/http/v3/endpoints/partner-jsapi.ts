// JSAPI orders of a service provider for its sub-merchants: order, query, close (v3-endpoints §1–3).

import {
  type PartnerTransaction,
  partnerClose,
  partnerJsapiOrder,
  partnerQueryById,
  partnerQueryByOutTradeNo,
} from '@cashdesk/protocol/spec'
import { numberUsed } from '../../../platform/orders/combines.ts'
import { isDirect, type Order, partnerTransactionOf } from '../../../platform/orders/order.ts'
import type { Platform } from '../../../platform/platform.ts'
import { type Route, route } from '../route.ts'
import {
  checkAppid,
  checkNotifyUrl,
  checkOpenid,
  checkSigner,
  checkSingle,
  checkSubMerchant,
  orderNotExist,
  otherSubMerchant,
} from './order-rules.ts'

export function partnerJsapiRoutes(platform: Platform): Route[] {
  const { orders, combines, people, secrets, clock } = platform
  const tell = (order: Order | undefined, sub_mchid: string): PartnerTransaction => {
    if (!order || isDirect(order.body)) throw orderNotExist()
    if (order.body.sub_mchid !== sub_mchid) throw otherSubMerchant()
    return partnerTransactionOf(order, order.body, clock.now())
  }

  return [
    route(partnerJsapiOrder, ({ merchant, body }) => {
      checkSigner(merchant, body.sp_mchid, '/sp_mchid', 'body')
      checkAppid(secrets, merchant.appids, body.sp_appid)
      const subAppids = checkSubMerchant(merchant, body.sub_mchid)
      if (body.sub_appid !== undefined) checkAppid(secrets, subAppids, body.sub_appid)
      const { sp_openid, sub_openid } = body.payer
      if (sp_openid !== undefined) checkOpenid(people, body.sp_appid, sp_openid, '/payer/sp_openid')
      if (sub_openid !== undefined) checkOpenid(people, body.sub_appid ?? '', sub_openid, '/payer/sub_openid')
      checkNotifyUrl(body.notify_url)
      if (combines.findBySubOrder(merchant.mchid, body.out_trade_no)) throw numberUsed()
      return { prepay_id: orders.place(merchant.mchid, body) }
    }),
    route(partnerQueryById, ({ merchant, parts, query }) => {
      checkSigner(merchant, query.sp_mchid, 'sp_mchid', 'query')
      checkSubMerchant(merchant, query.sub_mchid)
      checkSingle(platform, merchant, { transaction_id: parts['transaction_id'] })
      return tell(orders.findByTransactionId(merchant.mchid, parts['transaction_id'] ?? ''), query.sub_mchid)
    }),
    route(partnerQueryByOutTradeNo, ({ merchant, parts, query }) => {
      checkSigner(merchant, query.sp_mchid, 'sp_mchid', 'query')
      checkSubMerchant(merchant, query.sub_mchid)
      checkSingle(platform, merchant, { out_trade_no: parts['out_trade_no'] })
      return tell(orders.find(merchant.mchid, parts['out_trade_no'] ?? ''), query.sub_mchid)
    }),
    route(partnerClose, ({ merchant, parts, body }) => {
      checkSigner(merchant, body.sp_mchid, '/sp_mchid', 'body')
      checkSubMerchant(merchant, body.sub_mchid)
      checkSingle(platform, merchant, { out_trade_no: parts['out_trade_no'] })
      const order = orders.find(merchant.mchid, parts['out_trade_no'] ?? '')
      if (order && !isDirect(order.body) && order.body.sub_mchid !== body.sub_mchid) throw otherSubMerchant()
      orders.close(merchant.mchid, parts['out_trade_no'] ?? '')
      return null
    }),
  ]
}
