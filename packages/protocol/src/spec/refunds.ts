// Refunds, for a direct merchant and for a sub-merchant: create, query, and resolving ABNORMAL (v3-endpoints §4).

import { z } from 'zod'
import { V3_ENDPOINTS } from '../endpoints/v3.ts'
import { V3_ERRORS } from '../endpoints/v3-errors.ts'
import type { Endpoint } from './endpoint.ts'
import { mchid, text } from './values.ts'

export type RefundStatus = 'SUCCESS' | 'CLOSED' | 'PROCESSING' | 'ABNORMAL'

export interface RefundFrom {
  account: 'AVAILABLE' | 'UNAVAILABLE'
  /** Fen. */
  amount: number
}

export interface RefundGoods {
  merchant_goods_id: string
  wechatpay_goods_id?: string | undefined
  goods_name?: string | undefined
  /** Fen. */
  unit_price: number
  /** Fen. */
  refund_amount: number
  refund_quantity: number
}

export interface RefundRequest {
  /** For service providers only. */
  sub_mchid?: string | undefined
  /** One of the order's two numbers. For a combined order, the number of the sub-order. */
  transaction_id?: string | undefined
  out_trade_no?: string | undefined
  /** Up to 64 of `[0-9A-Za-z_-|*@]`. It is the idempotency key: a retry under another number would pay twice. */
  out_refund_no: string
  /** Up to 80 bytes; shown to the user. */
  reason?: string | undefined
  /** Always give it: without it WeChat may send the old XML notification. */
  notify_url?: string | undefined
  funds_account?: 'AVAILABLE' | 'UNSETTLED' | undefined
  amount: {
    /** Fen, ≥ 1. All refunds of an order together may not exceed its total. */
    refund: number
    /** Fen: the order's total. */
    total: number
    currency: 'CNY'
    from?: RefundFrom[] | undefined
  }
  goods_detail?: RefundGoods[] | undefined
}

export interface Refund {
  refund_id: string
  out_refund_no: string
  transaction_id: string
  out_trade_no: string
  channel?: string | undefined
  user_received_account?: string | undefined
  /** RFC 3339. Present only on SUCCESS. */
  success_time?: string | undefined
  create_time?: string | undefined
  /** The create call is asynchronous: PROCESSING is the normal answer, and HTTP 200 does not mean refunded. */
  status: RefundStatus
  funds_account?: string | undefined
  amount: {
    /** Fen, like all amounts below. */
    total: number
    refund: number
    payer_total: number
    payer_refund: number
    settlement_refund?: number | undefined
    settlement_total?: number | undefined
    discount_refund?: number | undefined
    currency?: string | undefined
    refund_fee?: number | undefined
    from?: RefundFrom[] | undefined
  }
  /** `[]` when no coupon goes back. */
  promotion_detail?: RefundPromotion[] | undefined
}

/** The part of a refund that goes back to a coupon (v3-endpoints §4.2). Amounts are fen. */
export interface RefundPromotion {
  promotion_id: string
  scope: string
  type: string
  amount: number
  refund_amount: number
  goods_detail?: RefundGoods[] | undefined
}

const outRefundNo = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[0-9A-Za-z_\-|*@]+$/)
  .meta({ title: '商户退款单号' })
const fen = z.int().min(1)
const from = z.strictObject({ account: z.enum(['AVAILABLE', 'UNAVAILABLE']), amount: fen })

const REASON_BYTES_MAX = 80

export const refund: z.ZodType<Refund> = z.looseObject({
  refund_id: z.string().min(1),
  out_refund_no: z.string().min(1),
  transaction_id: z.string().min(1),
  out_trade_no: z.string().min(1),
  channel: z.string().optional(),
  user_received_account: z.string().optional(),
  success_time: z.string().optional(),
  create_time: z.string().optional(),
  status: z.enum(['SUCCESS', 'CLOSED', 'PROCESSING', 'ABNORMAL']),
  funds_account: z.string().optional(),
  amount: z.looseObject({
    total: z.int(),
    refund: z.int(),
    payer_total: z.int(),
    payer_refund: z.int(),
    settlement_refund: z.int().optional(),
    settlement_total: z.int().optional(),
    discount_refund: z.int().optional(),
    currency: z.string().optional(),
    refund_fee: z.int().optional(),
    from: z.array(z.looseObject({ account: z.enum(['AVAILABLE', 'UNAVAILABLE']), amount: z.int() })).optional(),
  }),
  promotion_detail: z
    .array(
      z.looseObject({
        promotion_id: z.string(),
        scope: z.string(),
        type: z.string(),
        amount: z.int(),
        refund_amount: z.int(),
        goods_detail: z
          .array(
            z.looseObject({
              merchant_goods_id: z.string(),
              wechatpay_goods_id: z.string().optional(),
              goods_name: z.string().optional(),
              unit_price: z.int(),
              refund_amount: z.int(),
              refund_quantity: z.int(),
            }),
          )
          .optional(),
      }),
    )
    .optional(),
})

export const refundCreate: Endpoint<RefundRequest, never, Refund> = {
  ...V3_ENDPOINTS.refundCreate,
  errors: V3_ERRORS.refundCreate,
  body: z
    .strictObject({
      sub_mchid: mchid.optional(),
      transaction_id: text(32, '微信支付订单号').optional(),
      out_trade_no: text(32, '商户订单号').optional(),
      out_refund_no: outRefundNo,
      reason: text(REASON_BYTES_MAX, '退款原因')
        .refine((reason) => new TextEncoder().encode(reason).length <= REASON_BYTES_MAX, { error: `at most ${REASON_BYTES_MAX} bytes` })
        .optional(),
      notify_url: z
        .string()
        .max(256)
        .regex(/^https?:\/\/[^\s?#]+$/)
        .optional(),
      funds_account: z.enum(['AVAILABLE', 'UNSETTLED']).optional(),
      amount: z
        .strictObject({ refund: fen, total: fen, currency: z.literal('CNY'), from: z.array(from).min(1).optional() })
        .refine((amount) => amount.refund <= amount.total, { error: 'refund is more than total', path: ['refund'] })
        .refine((amount) => !amount.from || amount.from.reduce((sum, part) => sum + part.amount, 0) === amount.refund, {
          error: 'the parts must add up to refund',
          path: ['from'],
        }),
      goods_detail: z
        .array(
          z.strictObject({
            merchant_goods_id: text(32, '商户侧商品编码'),
            wechatpay_goods_id: text(32, '微信支付商品编码').optional(),
            goods_name: text(256, '商品名称').optional(),
            unit_price: z.int().min(0),
            refund_amount: z.int().min(0),
            refund_quantity: z.int().min(1),
          }),
        )
        .optional(),
    })
    .refine((request) => Boolean(request.transaction_id) !== Boolean(request.out_trade_no), {
      error: 'exactly one of transaction_id and out_trade_no',
      path: ['transaction_id'],
    }),
  answer: refund,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012791903',
}

export interface RefundQuery {
  /** For service providers only. */
  sub_mchid?: string | undefined
}

export const refundQuery: Endpoint<never, RefundQuery, Refund> = {
  ...V3_ENDPOINTS.refundQuery,
  errors: V3_ERRORS.refundQuery,
  query: z.strictObject({ sub_mchid: mchid.optional() }),
  answer: refund,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012791904',
}

export interface AbnormalRefundRequest {
  sub_mchid?: string | undefined
  out_refund_no: string
  type: 'USER_BANK_CARD' | 'MERCHANT_BANK_CARD'
  /** Debit cards only: `ICBC_DEBIT`, … Required with USER_BANK_CARD. */
  bank_type?: string | undefined
  /** Encrypted; required with USER_BANK_CARD. */
  bank_account?: string | undefined
  /** Encrypted; required with USER_BANK_CARD. */
  real_name?: string | undefined
}

export const refundAbnormal: Endpoint<AbnormalRefundRequest, never, Refund> = {
  ...V3_ENDPOINTS.refundAbnormal,
  errors: V3_ERRORS.refundAbnormal,
  body: z
    .strictObject({
      sub_mchid: mchid.optional(),
      out_refund_no: outRefundNo,
      type: z.enum(['USER_BANK_CARD', 'MERCHANT_BANK_CARD']),
      bank_type: z
        .string()
        .max(16)
        .regex(/_DEBIT$/)
        .optional(),
      bank_account: z.string().min(1).max(1024).optional(),
      real_name: z.string().min(1).max(1024).optional(),
    })
    .refine((request) => request.type === 'MERCHANT_BANK_CARD' || Boolean(request.bank_type && request.bank_account && request.real_name), {
      error: 'USER_BANK_CARD needs bank_type, bank_account and real_name',
      path: ['type'],
    }),
  answer: refund,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012791905',
}

/** The content of a refund notification. The field is `refund_status`, not `status` (v3-notifications §6). */
export interface RefundNotice {
  /** Set for direct merchants. */
  mchid?: string | undefined
  /** Set for service providers. */
  sp_mchid?: string | undefined
  sub_mchid?: string | undefined
  out_trade_no: string
  transaction_id: string
  out_refund_no: string
  refund_id: string
  refund_status: 'SUCCESS' | 'CLOSED' | 'ABNORMAL'
  /** RFC 3339. Present only on SUCCESS. */
  success_time?: string | undefined
  user_received_account?: string | undefined
  amount: { total: number; refund: number; payer_total: number; payer_refund: number }
}

export const refundNotice: z.ZodType<RefundNotice> = z.looseObject({
  mchid: z.string().optional(),
  sp_mchid: z.string().optional(),
  sub_mchid: z.string().optional(),
  out_trade_no: z.string().min(1),
  transaction_id: z.string().min(1),
  out_refund_no: z.string().min(1),
  refund_id: z.string().min(1),
  refund_status: z.enum(['SUCCESS', 'CLOSED', 'ABNORMAL']),
  success_time: z.string().optional(),
  user_received_account: z.string().optional(),
  amount: z.looseObject({ total: z.int(), refund: z.int(), payer_total: z.int(), payer_refund: z.int() }),
})
