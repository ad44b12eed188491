// Merchant transfer to a user, who confirms it (商家转账, the 2025 API; merchant-transfer.md). A transfer has failed only if a final state says so.

import { z } from 'zod'
import { V3_ENDPOINTS } from '../endpoints/v3.ts'
import { V3_ERRORS } from '../endpoints/v3-errors.ts'
import type { Endpoint } from './endpoint.ts'
import { appid, openid, text } from './values.ts'

/** `TRANSFERING` is spelled as WeChat spells it. */
export type TransferState = 'ACCEPTED' | 'PROCESSING' | 'WAIT_USER_CONFIRM' | 'TRANSFERING' | 'SUCCESS' | 'FAIL' | 'CANCELING' | 'CANCELLED'

export interface TransferRequest {
  appid: string
  /** Digits and letters only. It is the idempotency key. */
  out_bill_no: string
  /** `1000`, `1005`, …; the merchant applies for each scene at WeChat, so the set is open. */
  transfer_scene_id: string
  openid: string
  /** Encrypted. Required from 200000 fen; not supported below 30 fen. */
  user_name?: string | undefined
  /** Fen. */
  transfer_amount: number
  /** Up to 32 characters; shown to the user. */
  transfer_remark: string
  notify_url?: string | undefined
  user_recv_perception?: string | undefined
  /** Exactly the `info_type`s of the scene, each once: see `TRANSFER_SCENES`. */
  transfer_scene_report_infos: { info_type: string; info_content: string }[]
  user_recv_style?: { type: 'CONFIRM_PAGE' | 'RED_PACKET' } | undefined
}

export interface TransferAnswer {
  out_bill_no: string
  transfer_bill_no: string
  /** RFC 3339, with milliseconds. */
  create_time: string
  state: TransferState
  fail_reason?: string | undefined
  /** For wx.requestMerchantTransfer. Present only while WAIT_USER_CONFIRM, for 24 hours. */
  package_info?: string | undefined
}

export interface Transfer {
  /** Spelled with an underscore here, unlike elsewhere. */
  mch_id: string
  out_bill_no: string
  transfer_bill_no: string
  appid: string
  state: TransferState
  transfer_amount: number
  transfer_remark: string
  fail_reason?: string | undefined
  openid?: string | undefined
  user_name?: string | undefined
  create_time: string
  update_time: string
}

export interface TransferCancelAnswer {
  out_bill_no: string
  transfer_bill_no: string
  state: TransferState
  update_time: string
}

/** The content of the notification: SUCCESS, FAIL or CANCELLED. Documents differ between `mch_id` and `mchid`: both are accepted. */
export interface TransferNotice {
  out_bill_no: string
  transfer_bill_no: string
  state: TransferState
  mch_id?: string | undefined
  mchid?: string | undefined
  transfer_amount: number
  openid?: string | undefined
  fail_reason?: string | undefined
  create_time?: string | undefined
  update_time?: string | undefined
}

const outBillNo = z
  .string()
  .min(1)
  .max(32)
  .regex(/^[0-9A-Za-z]+$/)
  .meta({ title: '商户单号' })
const state = z.enum(['ACCEPTED', 'PROCESSING', 'WAIT_USER_CONFIRM', 'TRANSFERING', 'SUCCESS', 'FAIL', 'CANCELING', 'CANCELLED'])

/** From this amount the user's name is required (fen). */
const NAME_REQUIRED_FROM = 200_000
const NAME_SUPPORTED_FROM = 30

const source = 'pay.weixin.qq.com/doc/v3/merchant/4012716434'

export const transferCreate: Endpoint<TransferRequest, never, TransferAnswer> = {
  ...V3_ENDPOINTS.transferCreate,
  errors: V3_ERRORS.transferCreate,
  body: z
    .strictObject({
      appid,
      out_bill_no: outBillNo,
      transfer_scene_id: text(36, '转账场景ID'),
      openid,
      user_name: z.string().min(1).max(1024).optional(),
      transfer_amount: z.int().min(1),
      transfer_remark: text(32, '转账备注'),
      notify_url: z
        .string()
        .max(256)
        .regex(/^https?:\/\/[^\s?#]+$/)
        .optional(),
      user_recv_perception: text(256, '用户收款感知').optional(),
      transfer_scene_report_infos: z.array(z.strictObject({ info_type: text(15, '信息类型'), info_content: text(32, '信息内容') })),
      user_recv_style: z.strictObject({ type: z.enum(['CONFIRM_PAGE', 'RED_PACKET']) }).optional(),
    })
    .refine((transfer) => transfer.transfer_amount < NAME_REQUIRED_FROM || Boolean(transfer.user_name), {
      error: `required from ${NAME_REQUIRED_FROM} fen`,
      path: ['user_name'],
    })
    .refine((transfer) => transfer.transfer_amount >= NAME_SUPPORTED_FROM || !transfer.user_name, {
      error: `not supported below ${NAME_SUPPORTED_FROM} fen`,
      path: ['user_name'],
    }),
  answer: z.looseObject({
    out_bill_no: z.string(),
    transfer_bill_no: z.string(),
    create_time: z.string(),
    state,
    fail_reason: z.string().optional(),
    package_info: z.string().optional(),
  }),
  source,
}

const transfer: z.ZodType<Transfer> = z.looseObject({
  mch_id: z.string(),
  out_bill_no: z.string(),
  transfer_bill_no: z.string(),
  appid: z.string(),
  state,
  transfer_amount: z.int(),
  transfer_remark: z.string(),
  fail_reason: z.string().optional(),
  openid: z.string().optional(),
  user_name: z.string().optional(),
  create_time: z.string(),
  update_time: z.string(),
})

export const transferQueryByOutBillNo: Endpoint<never, never, Transfer> = {
  ...V3_ENDPOINTS.transferQueryByOutBillNo,
  errors: V3_ERRORS.transferQueryByOutBillNo,
  answer: transfer,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012716437',
}

export const transferQueryByBillNo: Endpoint<never, never, Transfer> = {
  ...transferQueryByOutBillNo,
  ...V3_ENDPOINTS.transferQueryByBillNo,
  errors: V3_ERRORS.transferQueryByBillNo,
}

/** The request has no body. */
export const transferCancel: Endpoint<never, never, TransferCancelAnswer> = {
  ...V3_ENDPOINTS.transferCancel,
  errors: V3_ERRORS.transferCancel,
  answer: z.looseObject({ out_bill_no: z.string(), transfer_bill_no: z.string(), state, update_time: z.string() }),
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012716458',
}

export const transferNotice: z.ZodType<TransferNotice> = z.looseObject({
  out_bill_no: z.string(),
  transfer_bill_no: z.string(),
  state,
  mch_id: z.string().optional(),
  mchid: z.string().optional(),
  transfer_amount: z.int(),
  openid: z.string().optional(),
  fail_reason: z.string().optional(),
  create_time: z.string().optional(),
  update_time: z.string().optional(),
})
