// The common parts of direct and partner JSAPI orders (v3-endpoints §1).

import { z } from 'zod'
import { currency, limitPay, notifyUrl, outTradeNo, rfc3339, text, textOfBytes, totalFen } from './values.ts'

export interface OrderAmount {
  /** Fen, ≥ 1. */
  total: number
  /** Default `CNY`. */
  currency?: 'CNY' | undefined
}

export interface GoodsDetail {
  /** `[0-9A-Za-z_-]`, up to 32. */
  merchant_goods_id: string
  wechatpay_goods_id?: string | undefined
  goods_name?: string | undefined
  quantity: number
  /** Fen, before discount. */
  unit_price: number
}

export interface OrderDetail {
  /** Fen. */
  cost_price?: number | undefined
  invoice_id?: string | undefined
  goods_detail?: GoodsDetail[] | undefined
}

export interface SceneInfo {
  /** IPv4 or IPv6. */
  payer_client_ip: string
  device_id?: string | undefined
  store_info?: { id: string; name?: string | undefined; area_code?: string | undefined; address?: string | undefined } | undefined
}

/** The fields that a direct and a partner order share. */
export interface OrderCommon {
  /** Up to 127 characters; shown to the user. */
  description: string
  /** 6–32 of `[0-9A-Za-z_-|*]`. It is the order's idempotency key. */
  out_trade_no: string
  /** RFC 3339. The order cannot be paid later. WeChat's default is 7 days. */
  time_expire?: string | undefined
  /** Up to 128 bytes: a real refusal showed that WeChat counts bytes (docs/discoveries/attach-counts-bytes.md). Returned in query, notification and bill. */
  attach?: string | undefined
  /** The URL of the notification, without query string. */
  notify_url: string
  goods_tag?: string | undefined
  support_fapiao?: boolean | undefined
  amount: OrderAmount
  /** At most 6144 bytes as JSON. */
  detail?: OrderDetail | undefined
  scene_info?: SceneInfo | undefined
  settle_info?: { profit_sharing?: boolean | undefined } | undefined
  /** `no_credit`: not by credit card. It is in the official SDKs and not on the pages (v3-endpoints §1). */
  limit_pay?: 'no_credit'[] | undefined
}

const goodsDetail = z.strictObject({
  merchant_goods_id: z
    .string()
    .min(1)
    .max(32)
    .regex(/^[0-9A-Za-z_-]+$/),
  wechatpay_goods_id: text(32, '微信支付商品编码').optional(),
  goods_name: text(256, '商品名称').optional(),
  quantity: z.int().min(1),
  unit_price: z.int().min(0),
})

const DETAIL_BYTES_MAX = 6144

/** The schema fields of both order bodies. Each adds the recipient and the payer. */
export const orderCommonShape: { [Name in keyof OrderCommon]-?: z.ZodType<OrderCommon[Name]> } = {
  description: text(127, '商品描述'),
  out_trade_no: outTradeNo,
  time_expire: rfc3339.optional(),
  attach: textOfBytes(128, '附加数据').optional(),
  notify_url: notifyUrl,
  goods_tag: text(32, '订单优惠标记').optional(),
  support_fapiao: z.boolean().optional(),
  amount: z.strictObject({ total: totalFen, currency: currency.optional() }),
  detail: z
    .strictObject({
      cost_price: z.int().min(0).optional(),
      invoice_id: text(32, '商品小票ID').optional(),
      goods_detail: z.array(goodsDetail).min(1).optional(),
    })
    .refine((detail) => new TextEncoder().encode(JSON.stringify(detail)).length <= DETAIL_BYTES_MAX, {
      error: `at most ${DETAIL_BYTES_MAX} bytes`,
    })
    .optional(),
  scene_info: z
    .strictObject({
      payer_client_ip: text(45, '用户终端IP'),
      device_id: text(32, '商户端设备号').optional(),
      store_info: z
        .strictObject({
          id: text(32, '门店编号'),
          name: text(256, '门店名称').optional(),
          area_code: text(32, '地区编码').optional(),
          address: text(512, '详细地址').optional(),
        })
        .optional(),
    })
    .optional(),
  settle_info: z.strictObject({ profit_sharing: z.boolean().optional() }).optional(),
  limit_pay: limitPay.optional(),
}

export interface PrepayAnswer {
  /** Valid for 2 hours. Sending the same order again returns a new one. */
  prepay_id: string
}

export const prepayAnswer: z.ZodType<PrepayAnswer> = z.looseObject({ prepay_id: z.string().min(1).max(64) })
