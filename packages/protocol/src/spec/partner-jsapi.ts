// JSAPI and mini-program orders of a service provider (服务商) for its sub-merchants: order, query, close (v3-endpoints §1–3).

import { z } from 'zod'
import { V3_ENDPOINTS } from '../endpoints/v3.ts'
import { V3_ERRORS } from '../endpoints/v3-errors.ts'
import type { Endpoint } from './endpoint.ts'
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
  ...V3_ENDPOINTS.partnerJsapiOrder,
  errors: V3_ERRORS.partnerJsapiOrder,
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
  source: 'pay.weixin.qq.com/doc/v3/partner/4012759974',
}

export const partnerQueryById: Endpoint<never, PartnerQuery, PartnerTransaction> = {
  ...V3_ENDPOINTS.partnerQueryById,
  errors: V3_ERRORS.partnerQueryById,
  query: merchants,
  answer: partnerTransaction,
  source: 'pay.weixin.qq.com/doc/v3/partner/4012760115',
}

export const partnerQueryByOutTradeNo: Endpoint<never, PartnerQuery, PartnerTransaction> = {
  ...V3_ENDPOINTS.partnerQueryByOutTradeNo,
  errors: V3_ERRORS.partnerQueryByOutTradeNo,
  query: merchants,
  answer: partnerTransaction,
  source: 'pay.weixin.qq.com/doc/v3/partner/4012760115',
}

export const partnerClose: Endpoint<PartnerQuery, never, null> = {
  ...V3_ENDPOINTS.partnerClose,
  errors: V3_ERRORS.partnerClose,
  body: merchants,
  answer: null,
  source: 'pay.weixin.qq.com/doc/v3/partner/4012760108',
}
