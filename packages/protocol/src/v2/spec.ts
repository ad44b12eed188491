// The requests of v2 (v2-protocol §3, §5–§9): limits and rules, as types and as schemas. The caller adds appid, mch_id, nonce_str and sign.

import { z } from 'zod'
import { V2_ENDPOINTS } from '../endpoints/v2.ts'
import { text } from '../spec/values.ts'

export * from './answers.ts'

export interface V2Endpoint<Body> {
  path: string
  /** Whether the call needs mutual TLS with the merchant's client certificate. */
  certificate: boolean
  /** The documented err_codes, besides V2_COMMON_ERRORS. */
  errors: readonly string[]
  body: z.ZodType<Body>
  source: string
}

/** The err_codes of every call (v2-protocol §3, §5–§8). */
export const V2_COMMON_ERRORS: readonly string[] = ['SYSTEMERROR', 'PARAM_ERROR', 'INVALID_REQUEST', 'NOAUTH', 'FREQUENCY_LIMITED']

/** Names the sub-merchant in a service provider's order. */
export interface V2SubMerchant {
  sub_mch_id?: string | undefined
  /** The sub-merchant's own mini program. */
  sub_appid?: string | undefined
}

const subMerchant = { sub_mch_id: text(32, '子商户号').optional(), sub_appid: text(32, '子商户公众账号ID').optional() }
const fen = z.int().min(1).max(1_000_000_000)
const outTradeNo = z.string().regex(/^[0-9A-Za-z_\-|*]{6,32}$/)
const outRefundNo = z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/)
const transactionId = z.string().min(1).max(32)
/** `yyyyMMddHHmmss`, Beijing. */
const moment = z.string().regex(/^[0-9]{14}$/)
const day = z.string().regex(/^[0-9]{8}$/)
const notifyUrl = z
  .string()
  .max(256)
  .regex(/^https?:\/\/[^\s?#]+$/)
/** Text with a limit in bytes of UTF-8, as WeChat counts. */
const bytes = (max: number): z.ZodString =>
  text(max, '').refine((value) => new TextEncoder().encode(value).length <= max, { error: `at most ${max} bytes` })

export interface V2UnifiedOrder extends V2SubMerchant {
  /** Shown to the payer; up to 127 bytes. */
  body: string
  /** JSON, up to 6000 characters. */
  detail?: string | undefined
  /** Returned in the query and the notification; up to 127 bytes. */
  attach?: string | undefined
  /** 6–32 of digits, letters and `_ - | *`; unique per mch_id. */
  out_trade_no: string
  fee_type?: 'CNY' | undefined
  /** Fen. */
  total_fee: number
  /** The payer's IP address, IPv4 or IPv6. */
  spbill_create_ip: string
  /** `yyyyMMddHHmmss`, Beijing. */
  time_start?: string | undefined
  /** `yyyyMMddHHmmss`, Beijing; at least a minute ahead. Placing the order again does not change it. */
  time_expire?: string | undefined
  goods_tag?: string | undefined
  /** Public https URL without query, up to 256 characters. */
  notify_url: string
  /** `no_credit` excludes credit cards. */
  limit_pay?: 'no_credit' | undefined
  /** The payer under appid. For a sub-merchant's order: this or sub_openid. */
  openid?: string | undefined
  /** The payer under sub_appid, which is then required. */
  sub_openid?: string | undefined
  /** `Y` shows the invoice entry. */
  receipt?: 'Y' | 'N' | undefined
  device_info?: string | undefined
  /** JSON, up to 256 characters. */
  scene_info?: string | undefined
  /** `Y` freezes the money for profit sharing (分账). */
  profit_sharing?: 'Y' | 'N' | undefined
}

export const v2UnifiedOrder: V2Endpoint<V2UnifiedOrder> = {
  ...V2_ENDPOINTS.v2UnifiedOrder,
  errors: [
    'NOTENOUGH',
    'ORDERPAID',
    'ORDERCLOSED',
    'APPID_NOT_EXIST',
    'MCHID_NOT_EXIST',
    'APPID_MCHID_NOT_MATCH',
    'LACK_PARAMS',
    'OUT_TRADE_NO_USED',
    'SIGNERROR',
    'XML_FORMAT_ERROR',
    'REQUIRE_POST_METHOD',
    'POST_DATA_EMPTY',
    'NOT_UTF8',
  ],
  source: 'v2-protocol §3',
  body: z
    .strictObject({
      ...subMerchant,
      body: bytes(127),
      detail: text(6000, '商品详情').optional(),
      attach: bytes(127).optional(),
      out_trade_no: outTradeNo,
      fee_type: z.literal('CNY').optional(),
      total_fee: fen,
      spbill_create_ip: z.union([z.ipv4(), z.ipv6()]),
      time_start: moment.optional(),
      time_expire: moment.optional(),
      goods_tag: text(32, '订单优惠标记').optional(),
      notify_url: notifyUrl,
      limit_pay: z.literal('no_credit').optional(),
      openid: text(128, '用户标识').optional(),
      sub_openid: text(128, '用户子标识').optional(),
      receipt: z.enum(['Y', 'N']).optional(),
      device_info: text(32, '设备号').optional(),
      scene_info: text(256, '场景信息').optional(),
      profit_sharing: z.enum(['Y', 'N']).optional(),
    })
    .refine(({ openid, sub_openid }) => (openid === undefined) !== (sub_openid === undefined), {
      error: 'exactly one of openid and sub_openid',
      path: ['openid'],
    })
    .refine(({ sub_openid, sub_appid }) => sub_openid === undefined || sub_appid !== undefined, {
      error: 'sub_openid needs sub_appid',
      path: ['sub_appid'],
    })
    .refine(({ sub_mch_id, sub_appid }) => sub_mch_id !== undefined || sub_appid === undefined, {
      error: 'sub_appid needs sub_mch_id',
      path: ['sub_mch_id'],
    }),
}

/** An order by either number. If both are given, WeChat uses transaction_id. */
export interface V2OrderKey extends V2SubMerchant {
  transaction_id?: string | undefined
  out_trade_no?: string | undefined
}

export const v2OrderQuery: V2Endpoint<V2OrderKey> = {
  ...V2_ENDPOINTS.v2OrderQuery,
  errors: ['ORDERNOTEXIST'],
  source: 'v2-protocol §5',
  body: z
    .strictObject({ ...subMerchant, transaction_id: transactionId.optional(), out_trade_no: outTradeNo.optional() })
    .refine((key) => key.transaction_id !== undefined || key.out_trade_no !== undefined, { error: 'transaction_id or out_trade_no' }),
}

export interface V2CloseOrder extends V2SubMerchant {
  out_trade_no: string
}

export const v2CloseOrder: V2Endpoint<V2CloseOrder> = {
  ...V2_ENDPOINTS.v2CloseOrder,
  errors: ['ORDERPAID', 'ORDERCLOSED', 'ORDERNOTEXIST', 'TRADE_STATE_ERROR', 'SIGNERROR', 'REQUIRE_POST_METHOD', 'XML_FORMAT_ERROR'],
  source: 'v2-protocol §6',
  body: z.strictObject({ ...subMerchant, out_trade_no: outTradeNo }),
}

export interface V2RefundRequest extends V2OrderKey {
  /** Up to 64 of digits, letters and `_ - | * @`. The same number means the same refund. */
  out_refund_no: string
  /** Fen: the amount of the order. */
  total_fee: number
  /** Fen: the amount of this refund. */
  refund_fee: number
  refund_fee_type?: 'CNY' | undefined
  /** Shown to the payer; up to 80 characters. */
  refund_desc?: string | undefined
  refund_account?: 'REFUND_SOURCE_UNSETTLED_FUNDS' | 'REFUND_SOURCE_RECHARGE_FUNDS' | undefined
  notify_url?: string | undefined
}

export const v2Refund: V2Endpoint<V2RefundRequest> = {
  ...V2_ENDPOINTS.v2Refund,
  errors: [
    'BIZERR_NEED_RETRY',
    'TRADE_OVERDUE',
    'ERROR',
    'USER_ACCOUNT_ABNORMAL',
    'INVALID_REQ_TOO_MUCH',
    'NOTENOUGH',
    'INVALID_TRANSACTIONID',
    'APPID_NOT_EXIST',
    'MCHID_NOT_EXIST',
    'ORDERNOTEXIST',
    'REFUND_FEE_MISMATCH',
    'SIGNERROR',
    'XML_FORMAT_ERROR',
    'REQUIRE_POST_METHOD',
    'CERT_ERROR',
  ],
  source: 'v2-protocol §7',
  body: z
    .strictObject({
      ...subMerchant,
      transaction_id: transactionId.optional(),
      out_trade_no: outTradeNo.optional(),
      out_refund_no: outRefundNo,
      total_fee: fen,
      refund_fee: fen,
      refund_fee_type: z.literal('CNY').optional(),
      refund_desc: text(80, '退款原因').optional(),
      refund_account: z.enum(['REFUND_SOURCE_UNSETTLED_FUNDS', 'REFUND_SOURCE_RECHARGE_FUNDS']).optional(),
      notify_url: notifyUrl.optional(),
    })
    .refine((key) => key.transaction_id !== undefined || key.out_trade_no !== undefined, { error: 'transaction_id or out_trade_no' })
    .refine(({ refund_fee, total_fee }) => refund_fee <= total_fee, { error: 'more than was paid', path: ['refund_fee'] }),
}

/** Refunds by any of the numbers. WeChat uses refund_id first, then out_refund_no, then transaction_id. */
export interface V2RefundKey extends V2OrderKey {
  refund_id?: string | undefined
  out_refund_no?: string | undefined
  /** For an order with more than 10 refunds: the first row to return, counted from 0. */
  offset?: number | undefined
}

export const v2RefundQuery: V2Endpoint<V2RefundKey> = {
  ...V2_ENDPOINTS.v2RefundQuery,
  errors: ['REFUNDNOTEXIST', 'INVALID_TRANSACTIONID', 'APPID_NOT_EXIST', 'MCHID_NOT_EXIST', 'SIGNERROR'],
  source: 'v2-protocol §8',
  body: z
    .strictObject({
      ...subMerchant,
      refund_id: transactionId.optional(),
      out_refund_no: outRefundNo.optional(),
      transaction_id: transactionId.optional(),
      out_trade_no: outTradeNo.optional(),
      offset: z.int().min(0).optional(),
    })
    .refine((key) => key.refund_id ?? key.out_refund_no ?? key.transaction_id ?? key.out_trade_no, { error: 'one of the four numbers' }),
}

export interface V2BillRequest extends V2SubMerchant {
  /** `yyyyMMdd`, within three months; available from 10:00 of the next day. */
  bill_date: string
  /** Default ALL. */
  bill_type?: 'ALL' | 'SUCCESS' | 'REFUND' | 'RECHARGE_REFUND' | undefined
  tar_type?: 'GZIP' | undefined
}

export const v2Bill: V2Endpoint<V2BillRequest> = {
  ...V2_ENDPOINTS.v2Bill,
  errors: [],
  source: 'v2-protocol §9',
  body: z.strictObject({
    ...subMerchant,
    bill_date: day,
    bill_type: z.enum(['ALL', 'SUCCESS', 'REFUND', 'RECHARGE_REFUND']).optional(),
    tar_type: z.literal('GZIP').optional(),
  }),
}

export interface V2FundFlowRequest {
  /** `yyyyMMdd`. */
  bill_date: string
  account_type: 'Basic' | 'Operation' | 'Fees'
  tar_type?: 'GZIP' | undefined
}

export const v2FundFlow: V2Endpoint<V2FundFlowRequest> = {
  ...V2_ENDPOINTS.v2FundFlow,
  errors: ['NO_BILL_EXIST', 'BILL_CREATING', 'SIGN_ERROR'],
  source: 'v2-protocol §9',
  body: z.strictObject({ bill_date: day, account_type: z.enum(['Basic', 'Operation', 'Fees']), tar_type: z.literal('GZIP').optional() }),
}
