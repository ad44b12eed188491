// Profit sharing (分账), for a direct merchant and for a sub-merchant (v3-endpoints §6). FINISHED does not mean that every receiver got their share.

import { z } from 'zod'
import { V3_ENDPOINTS } from '../endpoints/v3.ts'
import { V3_ERRORS } from '../endpoints/v3-errors.ts'
import type { Endpoint } from './endpoint.ts'
import { appid, cipher, mchid, text } from './values.ts'

export type ReceiverType = 'MERCHANT_ID' | 'PERSONAL_OPENID' | 'PERSONAL_SUB_OPENID'

export interface ShareReceiver {
  type: ReceiverType
  account: string
  /** Encrypted. Required for MERCHANT_ID by the partner's page; WeChat checks it if given. */
  name?: string | undefined
  /** Fen. */
  amount: number
  /** Up to 80 characters. */
  description: string
}

export interface ShareRequest {
  sub_mchid?: string | undefined
  appid?: string | undefined
  sub_appid?: string | undefined
  transaction_id: string
  /** Up to 64 of `[0-9A-Za-z_-|*@]`. It is the idempotency key. */
  out_order_no: string
  /** 1–50. */
  receivers: ShareReceiver[]
  /** Whether the unshared rest is released to the merchant. */
  unfreeze_unsplit: boolean
}

export interface ShareResultReceiver {
  type: string
  account: string
  amount: number
  description: string
  /** The actual result for this receiver. */
  result: 'PENDING' | 'SUCCESS' | 'CLOSED'
  fail_reason?: string | undefined
  create_time?: string | undefined
  /** The epoch (`1970-01-01T08:00:00+08:00`) while PENDING. */
  finish_time?: string | undefined
  detail_id?: string | undefined
}

export interface Share {
  sub_mchid?: string | undefined
  transaction_id: string
  out_order_no: string
  order_id: string
  state: 'PROCESSING' | 'FINISHED'
  receivers?: ShareResultReceiver[] | undefined
}

export interface ShareQuery {
  transaction_id: string
  sub_mchid?: string | undefined
}

export interface UnfreezeRequest {
  sub_mchid?: string | undefined
  transaction_id: string
  /** Must be a new number. With the number of a share WeChat answers success and unfreezes nothing. */
  out_order_no: string
  description: string
}

export interface ShareReturnRequest {
  sub_mchid?: string | undefined
  /** Give one of the two. */
  order_id?: string | undefined
  out_order_no?: string | undefined
  out_return_no: string
  return_mchid: string
  /** Fen; at most what that receiver got. */
  amount: number
  description: string
}

export interface ShareReturn {
  sub_mchid?: string | undefined
  order_id: string
  out_order_no: string
  out_return_no: string
  return_id: string
  return_mchid: string
  amount: number
  description?: string | undefined
  /** On PROCESSING repeat with the same number. */
  result: 'PROCESSING' | 'SUCCESS' | 'FAILED'
  fail_reason?: string | undefined
  create_time?: string | undefined
  finish_time?: string | undefined
}

export interface ShareReturnQuery {
  out_order_no: string
  sub_mchid?: string | undefined
}

export interface UnsplitAmount {
  transaction_id: string
  /** Fen. */
  unsplit_amount: number
}

export interface ReceiverRequest {
  sub_mchid?: string | undefined
  appid: string
  sub_appid?: string | undefined
  type: ReceiverType
  account: string
  /** Encrypted. */
  name?: string | undefined
  relation_type: string
  custom_relation?: string | undefined
}

export interface ReceiverRemoval {
  sub_mchid?: string | undefined
  appid: string
  sub_appid?: string | undefined
  type: ReceiverType
  account: string
}

export interface Receiver {
  sub_mchid?: string | undefined
  type: string
  account: string
  name?: string | undefined
  relation_type?: string | undefined
  custom_relation?: string | undefined
}

export interface SharingConfig {
  sub_mchid: string
  /** 2000 is 20 %. */
  max_ratio: number
}

const number64 = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[0-9A-Za-z_\-|*@]+$/)
/** Other numbers of profit sharing may have `|`; this one may not (v3-endpoints §6). */
const returnNumber = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[0-9A-Za-z_\-*@]+$/)
const transactionId = text(32, '微信订单号')
const receiverType = z.enum(['MERCHANT_ID', 'PERSONAL_OPENID', 'PERSONAL_SUB_OPENID'])
const fen = z.int().min(1)
const description = text(80, '分账描述')

const share: z.ZodType<Share> = z.looseObject({
  sub_mchid: z.string().optional(),
  transaction_id: z.string().min(1),
  out_order_no: z.string().min(1),
  order_id: z.string().min(1),
  state: z.enum(['PROCESSING', 'FINISHED']),
  receivers: z
    .array(
      z.looseObject({
        type: z.string(),
        account: z.string(),
        amount: z.int(),
        description: z.string(),
        result: z.enum(['PENDING', 'SUCCESS', 'CLOSED']),
        fail_reason: z.string().optional(),
        create_time: z.string().optional(),
        finish_time: z.string().optional(),
        detail_id: z.string().optional(),
      }),
    )
    .optional(),
})

const shareReturn: z.ZodType<ShareReturn> = z.looseObject({
  sub_mchid: z.string().optional(),
  order_id: z.string(),
  out_order_no: z.string(),
  out_return_no: z.string().min(1),
  return_id: z.string(),
  return_mchid: z.string(),
  amount: z.int(),
  description: z.string().optional(),
  result: z.enum(['PROCESSING', 'SUCCESS', 'FAILED']),
  fail_reason: z.string().optional(),
  create_time: z.string().optional(),
  finish_time: z.string().optional(),
})

const receiver: z.ZodType<Receiver> = z.looseObject({
  sub_mchid: z.string().optional(),
  type: z.string(),
  account: z.string(),
  name: z.string().optional(),
  relation_type: z.string().optional(),
  custom_relation: z.string().optional(),
})

const source = 'pay.weixin.qq.com/doc/v3/merchant/4012524936'

const MERCHANT_NAME = 'a service provider names a MERCHANT_ID receiver'

/** A service provider must give the full name of a merchant that receives; who is the provider shows by sub_mchid (v3-endpoints §6). */
function isNamed({ sub_mchid }: { sub_mchid?: string | undefined }, { type, name }: { type: string; name?: string | undefined }): boolean {
  return sub_mchid === undefined || type !== 'MERCHANT_ID' || name !== undefined
}

export const shareCreate: Endpoint<ShareRequest, never, Share> = {
  ...V3_ENDPOINTS.shareCreate,
  errors: V3_ERRORS.shareCreate,
  body: z
    .strictObject({
      sub_mchid: mchid.optional(),
      appid: appid.optional(),
      sub_appid: appid.optional(),
      transaction_id: transactionId,
      out_order_no: number64,
      receivers: z
        .array(
          z.strictObject({ type: receiverType, account: text(64, '分账接收方账号'), name: cipher.optional(), amount: fen, description }),
        )
        .min(1)
        .max(50),
      unfreeze_unsplit: z.boolean(),
    })
    .refine((request) => request.receivers.every((receiver) => isNamed(request, receiver)), { error: MERCHANT_NAME, path: ['receivers'] }),
  answer: share,
  source,
}

export const shareQuery: Endpoint<never, ShareQuery, Share> = {
  ...V3_ENDPOINTS.shareQuery,
  errors: V3_ERRORS.shareQuery,
  query: z.strictObject({ transaction_id: transactionId, sub_mchid: mchid.optional() }),
  answer: share,
  source,
}

export const shareUnfreeze: Endpoint<UnfreezeRequest, never, Share> = {
  ...V3_ENDPOINTS.shareUnfreeze,
  errors: V3_ERRORS.shareUnfreeze,
  body: z.strictObject({ sub_mchid: mchid.optional(), transaction_id: transactionId, out_order_no: number64, description }),
  answer: share,
  source,
}

export const shareReturnCreate: Endpoint<ShareReturnRequest, never, ShareReturn> = {
  ...V3_ENDPOINTS.shareReturnCreate,
  errors: V3_ERRORS.shareReturnCreate,
  body: z
    .strictObject({
      sub_mchid: mchid.optional(),
      order_id: text(64, '微信分账单号').optional(),
      out_order_no: number64.optional(),
      out_return_no: returnNumber,
      return_mchid: mchid,
      amount: fen,
      description,
    })
    .refine((request) => Boolean(request.order_id) !== Boolean(request.out_order_no), {
      error: 'exactly one of order_id and out_order_no',
      path: ['order_id'],
    }),
  answer: shareReturn,
  source,
}

export const shareReturnQuery: Endpoint<never, ShareReturnQuery, ShareReturn> = {
  ...V3_ENDPOINTS.shareReturnQuery,
  errors: V3_ERRORS.shareReturnQuery,
  query: z.strictObject({ out_order_no: number64, sub_mchid: mchid.optional() }),
  answer: shareReturn,
  source,
}

export const unsplitAmount: Endpoint<never, never, UnsplitAmount> = {
  ...V3_ENDPOINTS.unsplitAmount,
  errors: V3_ERRORS.unsplitAmount,
  answer: z.looseObject({ transaction_id: z.string(), unsplit_amount: z.int() }),
  source,
}

const removal = { sub_mchid: mchid.optional(), appid, sub_appid: appid.optional(), type: receiverType, account: text(64, '分账接收方账号') }
const RELATIONS = [
  'SERVICE_PROVIDER',
  'STORE',
  'STAFF',
  'STORE_OWNER',
  'PARTNER',
  'HEADQUARTER',
  'BRAND',
  'DISTRIBUTOR',
  'USER',
  'SUPPLIER',
  'CUSTOM',
]

export const receiverAdd: Endpoint<ReceiverRequest, never, Receiver> = {
  ...V3_ENDPOINTS.receiverAdd,
  errors: V3_ERRORS.receiverAdd,
  body: z
    .strictObject({
      ...removal,
      name: cipher.optional(),
      relation_type: z.enum(RELATIONS),
      custom_relation: text(10, '自定义的分账关系').optional(),
    })
    .refine((request) => isNamed(request, request), { error: MERCHANT_NAME, path: ['name'] })
    .refine((request) => request.relation_type !== 'CUSTOM' || Boolean(request.custom_relation), {
      error: 'CUSTOM needs custom_relation',
      path: ['custom_relation'],
    }),
  answer: receiver,
  source,
}

export const receiverDelete: Endpoint<ReceiverRemoval, never, Receiver> = {
  ...V3_ENDPOINTS.receiverDelete,
  errors: V3_ERRORS.receiverDelete,
  body: z.strictObject(removal),
  answer: receiver,
  source,
}

export const sharingConfig: Endpoint<never, never, SharingConfig> = {
  ...V3_ENDPOINTS.sharingConfig,
  errors: V3_ERRORS.sharingConfig,
  answer: z.looseObject({ sub_mchid: z.string(), max_ratio: z.int() }),
  source: 'pay.weixin.qq.com/doc/v3/partner/4012466868',
}

/** The content of a profit-sharing notification, one receiver each (v3-notifications §8). */
export interface ShareNotice {
  mchid?: string | undefined
  sp_mchid?: string | undefined
  sub_mchid?: string | undefined
  transaction_id: string
  order_id: string
  out_order_no: string
  receiver: { type: string; account: string; amount: number; description: string }
  success_time: string
}

export const shareNotice: z.ZodType<ShareNotice> = z.looseObject({
  mchid: z.string().optional(),
  sp_mchid: z.string().optional(),
  sub_mchid: z.string().optional(),
  transaction_id: z.string(),
  order_id: z.string(),
  out_order_no: z.string(),
  receiver: z.looseObject({ type: z.string(), account: z.string(), amount: z.int(), description: z.string() }),
  success_time: z.string(),
})
