// A transaction: the answer of a query and the content of the payment notification (v3-endpoints §2, v3-notifications §5).

import { z } from 'zod'

/** JSAPI orders have SUCCESS, REFUND, NOTPAY or CLOSED. The others belong to code payment. */
export type TradeState = 'SUCCESS' | 'REFUND' | 'NOTPAY' | 'CLOSED' | 'REVOKED' | 'USERPAYING' | 'PAYERROR' | 'ACCEPT'

export interface TransactionAmount {
  /** Fen: the amount of the order. */
  total: number
  /** Fen: what the user paid, i.e. `total` less coupons. */
  payer_total?: number | undefined
  currency?: string | undefined
  payer_currency?: string | undefined
}

/** A coupon that the payment used (v3-notifications §5). Amounts are fen. */
export interface PromotionDetail {
  coupon_id: string
  name?: string | undefined
  scope?: string | undefined
  type?: string | undefined
  amount: number
  stock_id?: string | undefined
  wechatpay_contribute?: number | undefined
  merchant_contribute?: number | undefined
  other_contribute?: number | undefined
  currency?: string | undefined
  goods_detail?:
    | { goods_id: string; quantity: number; unit_price: number; discount_amount: number; goods_remark?: string | undefined }[]
    | undefined
}

interface TransactionCommon {
  out_trade_no: string
  /** Absent until paid. */
  transaction_id?: string | undefined
  trade_type?: string | undefined
  trade_state: TradeState
  trade_state_desc: string
  bank_type?: string | undefined
  /** In live answers of paid orders `''` when the order had none. */
  attach?: string | undefined
  /** RFC 3339. */
  success_time?: string | undefined
  amount?: TransactionAmount | undefined
  /** In live queries `[]` when no coupon was used. */
  promotion_detail?: PromotionDetail[] | undefined
  /** In live queries of unpaid orders `{ device_id: '' }` when the order had none. */
  scene_info?: { device_id?: string | undefined } | undefined
}

export interface DirectTransaction extends TransactionCommon {
  appid: string
  mchid: string
  payer?: { openid?: string | undefined } | undefined
}

export interface PartnerTransaction extends TransactionCommon {
  sp_appid: string
  sp_mchid: string
  sub_appid?: string | undefined
  sub_mchid: string
  payer?: { sp_openid?: string | undefined; sub_openid?: string | undefined } | undefined
}

export type Transaction = DirectTransaction | PartnerTransaction

const name = z.string().min(1)

const promotionDetail = z.looseObject({
  coupon_id: z.string(),
  name: z.string().optional(),
  scope: z.string().optional(),
  type: z.string().optional(),
  amount: z.int(),
  stock_id: z.string().optional(),
  wechatpay_contribute: z.int().optional(),
  merchant_contribute: z.int().optional(),
  other_contribute: z.int().optional(),
  currency: z.string().optional(),
  goods_detail: z
    .array(
      z.looseObject({
        goods_id: z.string(),
        quantity: z.int(),
        unit_price: z.int(),
        discount_amount: z.int(),
        goods_remark: z.string().optional(),
      }),
    )
    .optional(),
})

const common = {
  out_trade_no: name,
  transaction_id: name.optional(),
  trade_type: z.string().optional(),
  trade_state: z.enum(['SUCCESS', 'REFUND', 'NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR', 'ACCEPT']),
  trade_state_desc: z.string(),
  bank_type: z.string().optional(),
  attach: z.string().optional(),
  success_time: z.string().optional(),
  amount: z
    .looseObject({
      total: z.int(),
      payer_total: z.int().optional(),
      currency: z.string().optional(),
      payer_currency: z.string().optional(),
    })
    .optional(),
  promotion_detail: z.array(promotionDetail).optional(),
  scene_info: z.looseObject({ device_id: z.string().optional() }).optional(),
}

export const directTransaction: z.ZodType<DirectTransaction> = z.looseObject({
  ...common,
  appid: name,
  mchid: name,
  payer: z.looseObject({ openid: z.string().optional() }).optional(),
})

export const partnerTransaction: z.ZodType<PartnerTransaction> = z.looseObject({
  ...common,
  sp_appid: name,
  sp_mchid: name,
  sub_appid: z.string().optional(),
  sub_mchid: name,
  payer: z.looseObject({ sp_openid: z.string().optional(), sub_openid: z.string().optional() }).optional(),
})
