// JSAPI and mini-program orders of a direct merchant (直连商户): order, query, close (v3-endpoints §1–3).

import { z } from 'zod'
import { V3_ENDPOINTS } from '../endpoints/v3.ts'
import { V3_ERRORS } from '../endpoints/v3-errors.ts'
import type { Endpoint } from './endpoint.ts'
import { type OrderCommon, orderCommonShape, type PrepayAnswer, prepayAnswer } from './order.ts'
import { type DirectTransaction, directTransaction } from './transaction.ts'
import { appid, mchid, openid } from './values.ts'

export interface JsapiOrder extends OrderCommon {
  /** The mini program that will pay. It must be bound to mchid. */
  appid: string
  /** Equals the mchid that signs. */
  mchid: string
  payer: { openid: string }
}

export interface MerchantQuery {
  mchid: string
}

const merchant: z.ZodType<MerchantQuery> = z.strictObject({ mchid })

export const jsapiOrder: Endpoint<JsapiOrder, never, PrepayAnswer> = {
  ...V3_ENDPOINTS.jsapiOrder,
  errors: V3_ERRORS.jsapiOrder,
  body: z.strictObject({ ...orderCommonShape, appid, mchid, payer: z.strictObject({ openid }) }),
  answer: prepayAnswer,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012791897',
}

export const jsapiQueryById: Endpoint<never, MerchantQuery, DirectTransaction> = {
  ...V3_ENDPOINTS.jsapiQueryById,
  errors: V3_ERRORS.jsapiQueryById,
  query: merchant,
  answer: directTransaction,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012791899',
}

export const jsapiQueryByOutTradeNo: Endpoint<never, MerchantQuery, DirectTransaction> = {
  ...V3_ENDPOINTS.jsapiQueryByOutTradeNo,
  errors: V3_ERRORS.jsapiQueryByOutTradeNo,
  query: merchant,
  answer: directTransaction,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012791900',
}

export const jsapiClose: Endpoint<MerchantQuery, never, null> = {
  ...V3_ENDPOINTS.jsapiClose,
  errors: V3_ERRORS.jsapiClose,
  body: merchant,
  answer: null,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012791901',
}
