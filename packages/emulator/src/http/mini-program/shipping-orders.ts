// Order shipping management: queries of orders, and every other call but uploading (miniprogram-server-api §8.5).

import {
  miniConfirmReceiveReminder,
  miniIsTradeConfirmed,
  miniIsTradeManaged,
  miniMessageJumpPath,
  miniShippingOrder,
  miniShippingOrderList,
  type ShippingOrder,
  type ShippingOrderQuery,
} from '@cashdesk/protocol/spec'
import { Errcode } from '../../platform/mini-program/errcode.ts'
import { shippingOrderOf } from '../../platform/mini-program/shipping/shipment.ts'
import type { OrderKey } from '../../platform/mini-program/shipping/shipping.ts'
import type { Trade } from '../../platform/orders/trades.ts'
import type { Platform } from '../../platform/platform.ts'
import { type MiniRoute, miniRoute } from './route.ts'

const wrong = (): number => 10060014

export function shippingOrderRoutes(platform: Platform): MiniRoute[] {
  const { miniPrograms, people, orders, secrets, behaviour } = platform
  const { shipping } = miniPrograms

  const orderOf = (appid: string, trade: Trade): ShippingOrder => {
    const openid = people.find(trade.openid)?.person.openids[appid] ?? ''
    const created_at = orders.findByTransactionId(trade.mchid, trade.transaction_id)?.created_at ?? trade.paid_at
    return shippingOrderOf(trade, shipping.find(trade.transaction_id), openid, created_at)
  }
  const checkProgram = (appid: string): void => {
    if (!secrets.has(appid)) throw new Errcode(40013)
  }

  return [
    miniRoute(platform, {
      endpoint: miniShippingOrder,
      wrong,
      act: ({ appid, body }) => ({ order: orderOf(appid, shipping.trade(appid, keyOf(body))) }),
    }),
    miniRoute(platform, {
      endpoint: miniShippingOrderList,
      wrong,
      act({ appid, body: { pay_time_range, order_state, openid, last_index, page_size = 100 } }) {
        const { begin_time = 0, end_time = Number.POSITIVE_INFINITY } = pay_time_range ?? {}
        const all = shipping.trades(appid).map((trade) => orderOf(appid, trade))
        const start = last_index === undefined || last_index === '' ? 0 : all.findIndex((order) => order.transaction_id === last_index) + 1
        if (last_index && start === 0) throw new Errcode(10060011)
        const matching = all
          .slice(start)
          .filter((order) => order.pay_time >= begin_time && order.pay_time <= end_time)
          .filter(
            (order) =>
              (order_state === undefined || order.order_state === order_state) && (openid === undefined || order.openid === openid),
          )
        const order_list = matching.slice(0, page_size)
        return { order_list, last_index: order_list.at(-1)?.transaction_id ?? last_index ?? '', has_more: matching.length > page_size }
      },
    }),
    miniRoute(platform, {
      endpoint: miniConfirmReceiveReminder,
      wrong,
      act({ appid, body }) {
        shipping.remind(shipping.trade(appid, keyOf(body)), body.received_time)
        return {}
      },
    }),
    miniRoute(platform, {
      endpoint: miniMessageJumpPath,
      wrong,
      act({ appid, body }) {
        shipping.jumpPaths.set(appid, body.path)
        return {}
      },
    }),
    miniRoute(platform, {
      endpoint: miniIsTradeManaged,
      act({ body }) {
        checkProgram(body.appid)
        return { is_trade_managed: behaviour.trade_managed }
      },
    }),
    miniRoute(platform, {
      endpoint: miniIsTradeConfirmed,
      act({ body }) {
        checkProgram(body.appid)
        return { completed: behaviour.trade_managed }
      },
    }),
  ]
}

/** The key of an order in these calls, whose field names differ from those of an upload. */
function keyOf({ transaction_id, merchant_id, sub_merchant_id, merchant_trade_no }: ShippingOrderQuery): OrderKey {
  return transaction_id === undefined ? { mchid: sub_merchant_id ?? merchant_id, out_trade_no: merchant_trade_no } : { transaction_id }
}
