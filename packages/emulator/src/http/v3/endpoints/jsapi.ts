// JSAPI orders of a direct merchant: order, query, close (v3-endpoints §1–3).

import { type DirectTransaction, jsapiClose, jsapiOrder, jsapiQueryById, jsapiQueryByOutTradeNo } from '@cashdesk/protocol/spec'
import { numberUsed } from '../../../platform/orders/combines.ts'
import { directTransactionOf, isDirect, type Order } from '../../../platform/orders/order.ts'
import type { Platform } from '../../../platform/platform.ts'
import { type Route, route } from '../route.ts'
import { checkAppid, checkNotifyUrl, checkOpenid, checkSigner, checkSingle, orderNotExist } from './order-rules.ts'

export function jsapiRoutes(platform: Platform): Route[] {
  const { orders, combines, people, secrets, clock } = platform
  const tell = (order: Order | undefined): DirectTransaction => {
    if (!order || !isDirect(order.body)) throw orderNotExist()
    return directTransactionOf(order, order.body, clock.now())
  }

  return [
    route(jsapiOrder, ({ merchant, body }) => {
      checkSigner(merchant, body.mchid, '/mchid', 'body')
      checkAppid(secrets, merchant.appids, body.appid)
      checkOpenid(people, body.appid, body.payer.openid, '/payer/openid')
      checkNotifyUrl(body.notify_url)
      if (combines.findBySubOrder(merchant.mchid, body.out_trade_no)) throw numberUsed()
      return { prepay_id: orders.place(merchant.mchid, body) }
    }),
    route(jsapiQueryById, ({ merchant, parts, query }) => {
      checkSigner(merchant, query.mchid, 'mchid', 'query')
      checkSingle(platform, merchant, { transaction_id: parts['transaction_id'] })
      return tell(orders.findByTransactionId(merchant.mchid, parts['transaction_id'] ?? ''))
    }),
    route(jsapiQueryByOutTradeNo, ({ merchant, parts, query }) => {
      checkSigner(merchant, query.mchid, 'mchid', 'query')
      checkSingle(platform, merchant, { out_trade_no: parts['out_trade_no'] })
      return tell(orders.find(merchant.mchid, parts['out_trade_no'] ?? ''))
    }),
    route(jsapiClose, ({ merchant, parts, body }) => {
      checkSigner(merchant, body.mchid, '/mchid', 'body')
      checkSingle(platform, merchant, { out_trade_no: parts['out_trade_no'] })
      orders.close(merchant.mchid, parts['out_trade_no'] ?? '')
      return null
    }),
  ]
}
