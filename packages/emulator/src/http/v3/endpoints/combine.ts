// Combined orders: order, query, close (v3-endpoints §7). Their error codes keep the old spelling.

import { type CombineOrder, combineClose, combineOrder, combineQuery } from '@cashdesk/protocol/spec'
import type { Merchant } from '../../../platform/merchants/merchants.ts'
import { combineTransactionOf } from '../../../platform/orders/combine.ts'
import type { Platform } from '../../../platform/platform.ts'
import { invalidRequest, Refusal } from '../../../platform/refusal.ts'
import { type Route, route } from '../route.ts'
import { checkAppid, checkNotifyUrl, checkOpenid, checkPartner, checkSigner, checkSubMerchant } from './order-rules.ts'

export function combineRoutes({ combines, orders, trades, people, secrets, clock }: Platform): Route[] {
  const check = (merchant: Merchant, body: CombineOrder): void => {
    checkSigner(merchant, body.combine_mchid, '/combine_mchid', 'body')
    checkAppid(secrets, merchant.appids, body.combine_appid)
    for (const [index, sub] of body.sub_orders.entries()) {
      checkSigner(merchant, sub.mchid, `/sub_orders/${index}/mchid`, 'body')
      checkPartner(merchant, sub.sub_mchid)
      if (sub.sub_appid !== undefined) checkAppid(secrets, checkSubMerchant(merchant, sub.sub_mchid ?? ''), sub.sub_appid)
    }
    const { openid, sub_openid } = body.combine_payer_info
    if (openid !== undefined) checkOpenid(people, body.combine_appid, openid, '/combine_payer_info/openid')
    if (sub_openid !== undefined) {
      const sub_appid = body.sub_orders.find((sub) => sub.sub_appid)?.sub_appid
      if (sub_appid === undefined) throw invalidRequest('传入sub_openid时必须传入sub_appid')
      checkOpenid(people, sub_appid, sub_openid, '/combine_payer_info/sub_openid')
    }
    if (body.notify_url !== undefined) checkNotifyUrl(body.notify_url)
  }

  return [
    route(combineOrder, ({ merchant, body }) => {
      check(merchant, body)
      return { prepay_id: combines.place(body, (out_trade_no) => orders.find(merchant.mchid, out_trade_no) !== undefined) }
    }),
    route(combineQuery, ({ merchant, parts }) => {
      const combine = combines.find(merchant.mchid, parts['combine_out_trade_no'] ?? '')
      if (!combine) throw new Refusal(404, 'ORDERNOTEXIST', '订单不存在', { internal: 268512771 })
      return combineTransactionOf(combine, (out_trade_no) => trades.find(merchant.mchid, { out_trade_no }), clock.now())
    }),
    route(combineClose, ({ merchant, parts, body }) => {
      combines.close(merchant.mchid, parts['combine_out_trade_no'] ?? '', body)
      return null
    }),
  ]
}
