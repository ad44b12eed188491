// What each v3 endpoint may refuse, and what a refusal means, written once: the specification, the SDK's outcomes and the emulator read it here.

import type { V3EndpointName } from './v3.ts'

/**
 * What a refusal means. `refused`: certainly not carried out. `unknown`: query to find out. `retry`: not carried out, and the same request may succeed later.
 */
export type Meaning = 'refused' | 'unknown' | 'retry'

export interface ErrorSpec {
  status: number
  code: string
  meaning: Meaning
}

/** Refusals that any v3 endpoint may answer (v3-protocol §12). */
export const COMMON_ERRORS: readonly ErrorSpec[] = [
  { status: 400, code: 'PARAM_ERROR', meaning: 'refused' },
  { status: 400, code: 'INVALID_REQUEST', meaning: 'refused' },
  { status: 401, code: 'SIGN_ERROR', meaning: 'refused' },
  { status: 403, code: 'NO_AUTH', meaning: 'refused' },
  { status: 429, code: 'FREQUENCY_LIMITED', meaning: 'retry' },
  { status: 429, code: 'RATELIMIT_EXCEEDED', meaning: 'retry' },
  { status: 500, code: 'SYSTEM_ERROR', meaning: 'unknown' },
  { status: 502, code: 'SERVICE_UNAVAILABLE', meaning: 'unknown' },
  { status: 503, code: 'SERVICE_UNAVAILABLE', meaning: 'unknown' },
]

const ORDER_ERRORS: readonly ErrorSpec[] = [
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
]

const QUERY_ERRORS: readonly ErrorSpec[] = [
  ...COMMON_ERRORS,
  { status: 400, code: 'MCH_NOT_EXISTS', meaning: 'refused' },
  { status: 403, code: 'RULE_LIMIT', meaning: 'refused' },
  { status: 403, code: 'TRADE_ERROR', meaning: 'refused' },
  { status: 404, code: 'ORDER_NOT_EXIST', meaning: 'refused' },
]

const CLOSE_ERRORS: readonly ErrorSpec[] = [
  ...COMMON_ERRORS,
  { status: 400, code: 'MCH_NOT_EXISTS', meaning: 'refused' },
  { status: 400, code: 'ORDER_CLOSED', meaning: 'refused' },
  // To an order these codes only say that a query must decide; to a close they are a plain no.
  { status: 400, code: 'ORDER_PAID', meaning: 'refused' },
  { status: 400, code: 'ORDERPAID', meaning: 'refused' },
]

/** The combined orders keep the older spellings of the codes. */
const COMBINE_ERRORS: readonly ErrorSpec[] = [
  { status: 400, code: 'PARAM_ERROR', meaning: 'refused' },
  { status: 400, code: 'INVALID_REQUEST', meaning: 'refused' },
  { status: 400, code: 'APPID_MCHID_NOT_MATCH', meaning: 'refused' },
  { status: 400, code: 'MCH_NOT_EXISTS', meaning: 'refused' },
  { status: 400, code: 'ORDER_CLOSED', meaning: 'refused' },
  { status: 401, code: 'SIGN_ERROR', meaning: 'refused' },
  { status: 403, code: 'NOAUTH', meaning: 'refused' },
  { status: 403, code: 'OUT_TRADE_NO_USED', meaning: 'unknown' },
  { status: 403, code: 'RULELIMIT', meaning: 'refused' },
  { status: 429, code: 'FREQUENCY_LIMITED', meaning: 'retry' },
  { status: 500, code: 'OPENID_MISMATCH', meaning: 'refused' },
  { status: 500, code: 'SYSTEMERROR', meaning: 'unknown' },
]

const REFUND_ERRORS: readonly ErrorSpec[] = [
  ...COMMON_ERRORS,
  { status: 404, code: 'MCH_NOT_EXISTS', meaning: 'refused' },
  { status: 404, code: 'RESOURCE_NOT_EXISTS', meaning: 'refused' },
]

const TRANSFER_ERRORS: readonly ErrorSpec[] = [
  ...COMMON_ERRORS,
  { status: 403, code: 'NOT_ENOUGH', meaning: 'retry' },
  { status: 429, code: 'FREQUENCY_LIMIT_EXCEED', meaning: 'retry' },
]

const SHARING_ERRORS: readonly ErrorSpec[] = [
  ...COMMON_ERRORS,
  { status: 403, code: 'RULE_LIMIT', meaning: 'refused' },
  { status: 403, code: 'NOT_ENOUGH', meaning: 'refused' },
  { status: 404, code: 'RESOURCE_NOT_EXISTS', meaning: 'refused' },
]

const BILL_ERRORS: readonly ErrorSpec[] = [
  ...COMMON_ERRORS,
  { status: 400, code: 'NO_STATEMENT_EXIST', meaning: 'refused' },
  // The bill is made from 09:00 and can be downloaded after 10:00. Try again every 30 minutes.
  { status: 400, code: 'STATEMENT_CREATING', meaning: 'retry' },
]

export const V3_ERRORS: Readonly<Record<V3EndpointName, readonly ErrorSpec[]>> = {
  jsapiOrder: ORDER_ERRORS,
  jsapiQueryById: QUERY_ERRORS,
  jsapiQueryByOutTradeNo: QUERY_ERRORS,
  jsapiClose: CLOSE_ERRORS,

  partnerJsapiOrder: ORDER_ERRORS,
  partnerQueryById: QUERY_ERRORS,
  partnerQueryByOutTradeNo: QUERY_ERRORS,
  partnerClose: CLOSE_ERRORS,

  combineOrder: COMBINE_ERRORS,
  combineQuery: [...COMBINE_ERRORS, { status: 404, code: 'ORDERNOTEXIST', meaning: 'refused' }],
  combineClose: COMBINE_ERRORS,

  refundCreate: [
    ...REFUND_ERRORS,
    // The balance is too low: repeat with the same number after adding funds.
    { status: 403, code: 'NOT_ENOUGH', meaning: 'retry' },
    { status: 403, code: 'USER_ACCOUNT_ABNORMAL', meaning: 'refused' },
    { status: 403, code: 'REQUEST_BLOCKED', meaning: 'refused' },
  ],
  refundQuery: REFUND_ERRORS,
  refundAbnormal: REFUND_ERRORS,

  shareCreate: SHARING_ERRORS,
  shareQuery: SHARING_ERRORS,
  shareUnfreeze: SHARING_ERRORS,
  shareReturnCreate: SHARING_ERRORS,
  shareReturnQuery: SHARING_ERRORS,
  unsplitAmount: SHARING_ERRORS,
  receiverAdd: SHARING_ERRORS,
  receiverDelete: SHARING_ERRORS,
  sharingConfig: SHARING_ERRORS,

  transferCreate: [...TRANSFER_ERRORS, { status: 400, code: 'ALREADY_EXISTS', meaning: 'unknown' }],
  transferQueryByOutBillNo: [...TRANSFER_ERRORS, { status: 404, code: 'NOT_FOUND', meaning: 'refused' }],
  transferQueryByBillNo: [...TRANSFER_ERRORS, { status: 404, code: 'NOT_FOUND', meaning: 'refused' }],
  transferCancel: TRANSFER_ERRORS,

  tradeBill: BILL_ERRORS,
  fundFlowBill: BILL_ERRORS,
  subMerchantFundFlowBill: BILL_ERRORS,
  profitSharingBill: BILL_ERRORS,

  securityEcho: COMMON_ERRORS,

  certificates: [...COMMON_ERRORS, { status: 404, code: 'RESOURCE_NOT_EXISTS', meaning: 'refused' }],
}
