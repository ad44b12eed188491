// Order shipping management: uploading what was shipped (miniprogram-server-api §8.3, §8.4).

import { miniCombinedShippingUpload, miniShippingUpload, type Shipment, type ShippingOrderKey } from '@cashdesk/protocol/spec'
import { Errcode } from '../../platform/mini-program/errcode.ts'
import type { OrderKey } from '../../platform/mini-program/shipping/shipping.ts'
import type { Platform } from '../../platform/platform.ts'
import { type MiniRoute, miniRoute } from './route.ts'
import { wrongShipping } from './shipping-errcodes.ts'

export function shippingRoutes(platform: Platform): MiniRoute[] {
  const { miniPrograms, behaviour } = platform
  const { shipping } = miniPrograms
  const checkOpened = (): void => {
    if (!behaviour.trade_managed) throw new Errcode(48001)
  }
  return [
    miniRoute(platform, {
      endpoint: miniShippingUpload,
      wrong: wrongShipping,
      act({ appid, body: { payer, upload_time, ...told } }) {
        checkOpened()
        shipping.ship(appid, payer.openid, [told], Date.parse(upload_time))
        return {}
      },
    }),
    miniRoute(platform, {
      endpoint: miniCombinedShippingUpload,
      wrong: wrongShipping,
      act({ appid, body: { payer, upload_time, order_key, sub_orders } }) {
        checkOpened()
        checkCombined(platform, appid, order_key, sub_orders)
        shipping.ship(appid, payer.openid, sub_orders, Date.parse(upload_time))
        return {}
      },
    }),
  ]
}

/** Checks that every sub-order belongs to the combined order. @throws Errcode 10060001 */
function checkCombined({ miniPrograms, trades }: Platform, appid: string, key: ShippingOrderKey, sub_orders: readonly Shipment[]): void {
  const { out_trade_no, transaction_id }: OrderKey = key
  const combined = transaction_id === undefined ? out_trade_no : trades.findByTransactionId(transaction_id)?.combine_out_trade_no
  for (const { order_key } of sub_orders) {
    const trade = miniPrograms.shipping.trade(appid, order_key)
    if (combined === undefined || trade.combine_out_trade_no !== combined) throw new Errcode(10060001)
  }
}
