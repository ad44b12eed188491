// JSAPI and mini-program orders of a direct merchant (直连商户): order, query, close (v3-endpoints §1–3).

import { z } from 'zod'
import { COMMON_ERRORS, type Endpoint } from './endpoint.ts'
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
  method: 'POST',
  path: '/v3/pay/transactions/jsapi',
  body: z.strictObject({ ...orderCommonShape, appid, mchid, payer: z.strictObject({ openid }) }),
  answer: prepayAnswer,
  errors: [
    ...COMMON_ERRORS,
    { status: 400, code: 'APPID_MCHID_NOT_MATCH', meaning: 'refused' },
    { status: 400, code: 'MCH_NOT_EXISTS', meaning: 'refused' },
    { status: 400, code: 'ORDER_CLOSED', meaning: 'refused' },
    // The number belongs to a paid order or to another first request: only a query tells which.
    { status: 400, code: 'ORDERPAID', meaning: 'unknown' },
    { status: 400, code: 'ORDER_PAID', meaning: 'unknown' },
    { status: 403, code: 'OUT_TRADE_NO_USED', meaning: 'unknown' },
    { status: 403, code: 'RULE_LIMIT', meaning: 'refused' },
    { status: 403, code: 'TRADE_ERROR', meaning: 'refused' },
    { status: 403, code: 'ACCOUNT_ERROR', meaning: 'refused' },
    { status: 500, code: 'BANK_ERROR', meaning: 'unknown' },
    { status: 500, code: 'OPENID_MISMATCH', meaning: 'refused' },
    { status: 500, code: 'INVALID_TRANSACTIONID', meaning: 'refused' },
  ],
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012791897',
}

const QUERY_ERRORS = [
  ...COMMON_ERRORS,
  { status: 400, code: 'MCH_NOT_EXISTS', meaning: 'refused' },
  { status: 403, code: 'RULE_LIMIT', meaning: 'refused' },
  { status: 403, code: 'TRADE_ERROR', meaning: 'refused' },
  { status: 404, code: 'ORDER_NOT_EXIST', meaning: 'refused' },
] as const

export const jsapiQueryById: Endpoint<never, MerchantQuery, DirectTransaction> = {
  method: 'GET',
  path: '/v3/pay/transactions/id/{transaction_id}',
  query: merchant,
  answer: directTransaction,
  errors: QUERY_ERRORS,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012791899',
}

export const jsapiQueryByOutTradeNo: Endpoint<never, MerchantQuery, DirectTransaction> = {
  method: 'GET',
  path: '/v3/pay/transactions/out-trade-no/{out_trade_no}',
  query: merchant,
  answer: directTransaction,
  errors: QUERY_ERRORS,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012791900',
}

export const jsapiClose: Endpoint<MerchantQuery, never, null> = {
  method: 'POST',
  path: '/v3/pay/transactions/out-trade-no/{out_trade_no}/close',
  body: merchant,
  answer: null,
  errors: [
    ...COMMON_ERRORS,
    { status: 400, code: 'MCH_NOT_EXISTS', meaning: 'refused' },
    { status: 400, code: 'ORDER_CLOSED', meaning: 'refused' },
    { status: 400, code: 'ORDER_PAID', meaning: 'refused' },
    { status: 400, code: 'ORDERPAID', meaning: 'refused' },
  ],
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012791901',
}
