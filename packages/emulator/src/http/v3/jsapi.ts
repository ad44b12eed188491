// JSAPI orders of a direct merchant: order, query, close (v3-endpoints §1–3).

import { type DirectTransaction, jsapiClose, jsapiOrder, jsapiQueryById, jsapiQueryByOutTradeNo } from '@cashdesk/protocol/spec'
import { directTransactionOf, isDirect, type Order } from '../../platform/order.ts'
import type { Platform } from '../../platform/platform.ts'
import { checkAppid, checkNotifyUrl, checkOpenid, checkSigner, orderNotExist } from './order-rules.ts'
import { type Route, route } from './route.ts'

export function jsapiRoutes({ orders, people, clock }: Platform): Route[] {
  const tell = (order: Order | undefined): DirectTransaction => {
    if (!order || !isDirect(order.body)) throw orderNotExist()
    return directTransactionOf(order, order.body, clock.now())
  }

  return [
    route(jsapiOrder, ({ merchant, body }) => {
      checkSigner(merchant, body.mchid, '/mchid', 'body')
      checkAppid(merchant.appids, body.appid)
      checkOpenid(people, body.appid, body.payer.openid, '/payer/openid')
      checkNotifyUrl(body.notify_url)
      return { prepay_id: orders.place(merchant.mchid, body) }
    }),
    route(jsapiQueryById, ({ merchant, parts, query }) => {
      checkSigner(merchant, query.mchid, 'mchid', 'query')
      return tell(orders.findByTransactionId(merchant.mchid, parts['transaction_id'] ?? ''))
    }),
    route(jsapiQueryByOutTradeNo, ({ merchant, parts, query }) => {
      checkSigner(merchant, query.mchid, 'mchid', 'query')
      return tell(orders.find(merchant.mchid, parts['out_trade_no'] ?? ''))
    }),
    route(jsapiClose, ({ merchant, parts, body }) => {
      checkSigner(merchant, body.mchid, '/mchid', 'body')
      orders.close(merchant.mchid, parts['out_trade_no'] ?? '')
      return null
    }),
  ]
}
