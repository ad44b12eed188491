// JSAPI and mini-program orders of a service provider (服务商) for its sub-merchants: order, query, close (v3-endpoints §1–3).

import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import { jsapiClose, jsapiOrder, jsapiQueryByOutTradeNo } from './jsapi.ts'
import { type OrderCommon, orderCommonShape, type PrepayAnswer, prepayAnswer } from './order.ts'
import { type PartnerTransaction, partnerTransaction } from './transaction.ts'
import { appid, mchid, openid } from './values.ts'

export interface PartnerJsapiOrder extends OrderCommon {
  sp_appid: string
  /** Equals the mchid that signs. */
  sp_mchid: string
  /** Required if `payer.sub_openid` is used. */
  sub_appid?: string | undefined
  sub_mchid: string
  /** Exactly one of the two: the openid under sp_appid, or under sub_appid. */
  payer: { sp_openid?: string | undefined; sub_openid?: string | undefined }
}

export interface PartnerQuery {
  sp_mchid: string
  sub_mchid: string
}

const merchants: z.ZodType<PartnerQuery> = z.strictObject({ sp_mchid: mchid, sub_mchid: mchid })

export const partnerJsapiOrder: Endpoint<PartnerJsapiOrder, never, PrepayAnswer> = {
  method: 'POST',
  path: '/v3/pay/partner/transactions/jsapi',
  body: z
    .strictObject({
      ...orderCommonShape,
      sp_appid: appid,
      sp_mchid: mchid,
      sub_appid: appid.optional(),
      sub_mchid: mchid,
      payer: z.strictObject({ sp_openid: openid.optional(), sub_openid: openid.optional() }),
    })
    .refine((order) => Boolean(order.payer.sp_openid) !== Boolean(order.payer.sub_openid), {
      error: 'exactly one of sp_openid and sub_openid',
      path: ['payer'],
    })
    .refine((order) => !order.payer.sub_openid || Boolean(order.sub_appid), {
      error: 'required with payer.sub_openid',
      path: ['sub_appid'],
    }),
  answer: prepayAnswer,
  errors: jsapiOrder.errors,
  source: 'pay.weixin.qq.com/doc/v3/partner/4012759974',
}

export const partnerQueryById: Endpoint<never, PartnerQuery, PartnerTransaction> = {
  method: 'GET',
  path: '/v3/pay/partner/transactions/id/{transaction_id}',
  query: merchants,
  answer: partnerTransaction,
  errors: jsapiQueryByOutTradeNo.errors,
  source: 'pay.weixin.qq.com/doc/v3/partner/4012760115',
}

export const partnerQueryByOutTradeNo: Endpoint<never, PartnerQuery, PartnerTransaction> = {
  method: 'GET',
  path: '/v3/pay/partner/transactions/out-trade-no/{out_trade_no}',
  query: merchants,
  answer: partnerTransaction,
  errors: jsapiQueryByOutTradeNo.errors,
  source: 'pay.weixin.qq.com/doc/v3/partner/4012760115',
}

export const partnerClose: Endpoint<PartnerQuery, never, null> = {
  method: 'POST',
  path: '/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close',
  body: merchants,
  answer: null,
  errors: jsapiClose.errors,
  source: 'pay.weixin.qq.com/doc/v3/partner/4012760108',
}
