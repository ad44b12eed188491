// Combined orders (合单): several sub-orders in one payment; all are paid or none (v3-endpoints §7). Error codes have the old spelling.

import { z } from 'zod'
import { V3_ENDPOINTS } from '../endpoints/v3.ts'
import { V3_ERRORS } from '../endpoints/v3-errors.ts'
import type { Endpoint } from './endpoint.ts'
import { type PrepayAnswer, prepayAnswer } from './order.ts'
import { appid, limitPay, mchid, notifyUrl, openid, outTradeNo, rfc3339, text, totalFen } from './values.ts'

export interface CombineSubOrder {
  /** For a service provider it equals combine_mchid. */
  mchid: string
  sub_mchid?: string | undefined
  /** Only one sub-order may have it. */
  sub_appid?: string | undefined
  /** Required here, unlike in a single order. */
  attach: string
  /** Fen. The name differs from single orders: `total_amount`. */
  amount: { total_amount: number; currency: 'CNY' }
  out_trade_no: string
  description: string
  goods_tag?: string | undefined
  settle_info?: { profit_sharing?: boolean | undefined } | undefined
}

export interface CombineOrder {
  combine_appid: string
  /** Equals the mchid that signs. */
  combine_mchid: string
  combine_out_trade_no: string
  scene_info?: { payer_client_ip: string; device_id?: string | undefined } | undefined
  /** 2–50 (older pages: 2–10). */
  sub_orders: CombineSubOrder[]
  combine_payer_info: { openid?: string | undefined; sub_openid?: string | undefined }
  time_expire?: string | undefined
  notify_url?: string | undefined
  /** As in single orders. */
  limit_pay?: 'no_credit'[] | undefined
}

export interface CombineSubTransaction {
  mchid: string
  sub_mchid?: string | undefined
  sub_appid?: string | undefined
  /** The payer's openid under `sub_appid`, when the sub-order named one. */
  sub_openid?: string | undefined
  out_trade_no: string
  trade_state: 'SUCCESS' | 'NOTPAY' | 'CLOSED'
  transaction_id?: string | undefined
  trade_type?: string | undefined
  bank_type?: string | undefined
  attach?: string | undefined
  success_time?: string | undefined
  amount?:
    | { total_amount: number; payer_amount?: number | undefined; currency?: string | undefined; payer_currency?: string | undefined }
    | undefined
}

/** The answer of a query and the content of the notification: one for the whole combined order. */
export interface CombineTransaction {
  combine_appid: string
  combine_mchid: string
  combine_out_trade_no: string
  /** The payer's openid under `combine_appid`, whichever openid the order named. */
  combine_payer_info?: { openid?: string | undefined } | undefined
  scene_info?: { device_id?: string | undefined } | undefined
  sub_orders: CombineSubTransaction[]
}

export interface CombineClose {
  combine_appid: string
  /** Must be exactly the sub-orders that were ordered. */
  sub_orders: { mchid: string; out_trade_no: string; sub_mchid?: string | undefined; sub_appid?: string | undefined }[]
}

export const combineOrder: Endpoint<CombineOrder, never, PrepayAnswer> = {
  ...V3_ENDPOINTS.combineOrder,
  errors: V3_ERRORS.combineOrder,
  body: z
    .strictObject({
      combine_appid: appid,
      combine_mchid: mchid,
      combine_out_trade_no: outTradeNo,
      scene_info: z.strictObject({ payer_client_ip: text(45, '用户终端IP'), device_id: text(16, '商户端设备号').optional() }).optional(),
      sub_orders: z
        .array(
          z.strictObject({
            mchid,
            sub_mchid: mchid.optional(),
            sub_appid: appid.optional(),
            attach: text(128, '附加数据'),
            amount: z.strictObject({ total_amount: totalFen, currency: z.literal('CNY') }),
            out_trade_no: outTradeNo,
            description: text(127, '商品描述'),
            goods_tag: text(32, '订单优惠标记').optional(),
            settle_info: z.strictObject({ profit_sharing: z.boolean().optional() }).optional(),
          }),
        )
        .min(1)
        .max(50),
      combine_payer_info: z.strictObject({ openid: openid.optional(), sub_openid: openid.optional() }),
      time_expire: rfc3339.optional(),
      notify_url: notifyUrl.optional(),
      limit_pay: limitPay.optional(),
    })
    .refine((order) => Boolean(order.combine_payer_info.openid) || Boolean(order.combine_payer_info.sub_openid), {
      error: 'openid or sub_openid',
      path: ['combine_payer_info'],
    })
    .refine((order) => order.sub_orders.filter((sub) => sub.sub_appid).length <= 1, {
      error: 'only one sub-order may carry sub_appid',
      path: ['sub_orders'],
    })
    .refine((order) => new Set(order.sub_orders.map((sub) => sub.out_trade_no)).size === order.sub_orders.length, {
      error: 'each sub-order needs a number of its own',
      path: ['sub_orders'],
    }),
  answer: prepayAnswer,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012758246',
}

export const combineTransaction: z.ZodType<CombineTransaction> = z.looseObject({
  combine_appid: z.string(),
  combine_mchid: z.string(),
  combine_out_trade_no: z.string().min(1),
  combine_payer_info: z.looseObject({ openid: z.string().optional() }).optional(),
  scene_info: z.looseObject({ device_id: z.string().optional() }).optional(),
  sub_orders: z.array(
    z.looseObject({
      mchid: z.string(),
      sub_mchid: z.string().optional(),
      sub_appid: z.string().optional(),
      sub_openid: z.string().optional(),
      out_trade_no: z.string().min(1),
      trade_state: z.enum(['SUCCESS', 'NOTPAY', 'CLOSED']),
      transaction_id: z.string().optional(),
      trade_type: z.string().optional(),
      bank_type: z.string().optional(),
      attach: z.string().optional(),
      success_time: z.string().optional(),
      amount: z
        .looseObject({
          total_amount: z.int(),
          payer_amount: z.int().optional(),
          currency: z.string().optional(),
          payer_currency: z.string().optional(),
        })
        .optional(),
    }),
  ),
})

export const combineQuery: Endpoint<never, never, CombineTransaction> = {
  ...V3_ENDPOINTS.combineQuery,
  errors: V3_ERRORS.combineQuery,
  answer: combineTransaction,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012758246',
}

export const combineClose: Endpoint<CombineClose, never, null> = {
  ...V3_ENDPOINTS.combineClose,
  errors: V3_ERRORS.combineClose,
  body: z.strictObject({
    combine_appid: appid,
    sub_orders: z
      .array(z.strictObject({ mchid, out_trade_no: outTradeNo, sub_mchid: mchid.optional(), sub_appid: appid.optional() }))
      .min(1)
      .max(50),
  }),
  answer: null,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012758246',
}
