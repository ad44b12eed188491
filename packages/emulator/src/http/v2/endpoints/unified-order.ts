// POST /pay/unifiedorder: a JSAPI order of a direct merchant, or of a sub-merchant (v2-protocol §3).
// The platform keeps it in the same form as an order made over v3.

import type { OrderCommon } from '@cashdesk/protocol/spec'
import { type V2UnifiedOrder, v2UnifiedOrder } from '@cashdesk/protocol/v2/spec'
import type { OrderBody } from '../../../platform/orders/order.ts'
import type { Platform } from '../../../platform/platform.ts'
import type { V2Terms } from '../../../platform/v2/terms.ts'
import { checkNotifyUrl, checkOpenid } from '../../v3/endpoints/order-rules.ts'
import { missing, type V2Caller } from '../gate/gate.ts'
import { checkSubMerchantNamed } from '../gate/parties.ts'
import { spelled, V2Failure, V2Refusal } from '../refusal.ts'
import { type V2Input, type V2Route, v2Route } from '../route.ts'

export function unifiedOrderRoute(platform: Platform): V2Route {
  const { orders, combines, people } = platform
  const route = v2Route(platform, {
    endpoint: v2UnifiedOrder,
    act({ merchant, appid, body, sign_type }) {
      checkSubMerchantNamed(merchant, body.sub_mch_id)
      checkNotifyUrl(body.notify_url)
      if (body.openid !== undefined) checkOpenid(people, appid, body.openid, 'openid')
      if (body.sub_openid !== undefined) checkOpenid(people, body.sub_appid ?? '', body.sub_openid, 'sub_openid')
      if (combines.findBySubOrder(merchant.mchid, body.out_trade_no)) throw new V2Refusal('OUT_TRADE_NO_USED', '商户订单号重复')
      const order = orderOf({ merchant, appid, body, sign_type })
      // v2 has one code for both cases: the number has an order with other contents, or was closed before it was ordered.
      const prepay_id = spelled({ INVALID_REQUEST: 'OUT_TRADE_NO_USED' }, () =>
        orders.place(merchant.mchid, order, termsOf(body, sign_type)),
      )
      return { trade_type: 'JSAPI', device_info: body.device_info, prepay_id }
    },
  })
  return { ...route, serve: (caller) => serveJsapi(caller, route) }
}

/** The emulator offers JSAPI only. It refuses other trade types as WeChat does for a merchant without the permission. */
function serveJsapi(caller: V2Caller, route: V2Route): ReturnType<V2Route['serve']> {
  const { trade_type, openid, sub_openid } = caller.fields
  if (!trade_type) throw missing('trade_type')
  if (trade_type !== 'JSAPI') throw new V2Refusal('NOAUTH', `商户无此接口权限（模拟器只支持 JSAPI，收到 ${trade_type}）`)
  if (!openid && !sub_openid) throw new V2Failure('LACK_PARAMS', 'JSAPI支付必须传openid')
  return route.serve(caller)
}

function orderOf({ merchant, appid, body }: V2Input<V2UnifiedOrder>): OrderBody {
  const { sub_mch_id, sub_appid, openid, sub_openid, time_expire } = body
  const common: OrderCommon = {
    description: body.body,
    out_trade_no: body.out_trade_no,
    notify_url: body.notify_url,
    amount: { total: body.total_fee, currency: 'CNY' },
    scene_info: { payer_client_ip: body.spbill_create_ip, ...(body.device_info !== undefined && { device_id: body.device_info }) },
    ...(body.attach !== undefined && { attach: body.attach }),
    ...(time_expire !== undefined && { time_expire: rfc3339(time_expire) }),
    ...(body.goods_tag !== undefined && { goods_tag: body.goods_tag }),
    ...(body.receipt === 'Y' && { support_fapiao: true }),
    ...(body.profit_sharing === 'Y' && { settle_info: { profit_sharing: true } }),
  }
  if (sub_mch_id === undefined) return { ...common, appid, mchid: merchant.mchid, payer: { openid: openid ?? '' } }
  const payer = sub_openid === undefined ? { sp_openid: openid } : { sub_openid }
  const sub = sub_appid === undefined ? {} : { sub_appid }
  return { ...common, sp_appid: appid, sp_mchid: merchant.mchid, sub_mchid: sub_mch_id, ...sub, payer }
}

/** The fields that a v3 order does not have. Repeating the order must repeat them too. */
function termsOf({ detail, scene_info, limit_pay }: V2UnifiedOrder, sign_type: V2Terms['sign_type']): V2Terms {
  return {
    sign_type,
    ...(detail !== undefined && { detail }),
    ...(scene_info !== undefined && { scene_info }),
    ...(limit_pay !== undefined && { limit_pay }),
  }
}

/** Turns `yyyyMMddHHmmss`, Beijing time, into RFC 3339. */
function rfc3339(moment: string): string {
  return moment.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6+08:00')
}
