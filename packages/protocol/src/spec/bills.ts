// Bills: apply for one, then download it from the URL in the answer (v3-endpoints §5). Amounts in bills are yuan.

import { z } from 'zod'
import { V3_ENDPOINTS } from '../endpoints/v3.ts'
import { V3_ERRORS } from '../endpoints/v3-errors.ts'
import type { Endpoint } from './endpoint.ts'
import { mchid } from './values.ts'

export type TradeBillType = 'ALL' | 'SUCCESS' | 'REFUND' | 'RECHARGE_REFUND' | 'ALL_SPECIAL' | 'SUC_SPECIAL' | 'REF_SPECIAL'

export interface TradeBillQuery {
  /** `YYYY-MM-DD`, Beijing: from 3 months ago to yesterday. */
  bill_date: string
  /** For service providers: one sub-merchant. Default: all. */
  sub_mchid?: string | undefined
  /** The last four are not on the newest pages (bills §1). */
  bill_type?: TradeBillType | undefined
  tar_type?: 'GZIP' | undefined
}

export interface FundFlowBillQuery {
  bill_date: string
  account_type?: 'BASIC' | 'OPERATION' | 'FEES' | undefined
  tar_type?: 'GZIP' | undefined
}

export interface SubMerchantFundFlowBillQuery {
  sub_mchid: string
  bill_date: string
  account_type: 'BASIC' | 'OPERATION' | 'FEES' | 'DEPOSIT'
  algorithm: 'AEAD_AES_256_GCM' | 'SM4_GCM'
  tar_type?: 'GZIP' | undefined
}

export interface ProfitSharingBillQuery {
  bill_date: string
  sub_mchid?: string | undefined
  tar_type?: 'GZIP' | undefined
}

export interface BillAnswer {
  hash_type: string
  /** SHA-1 of the uncompressed file, 40 hex characters. */
  hash_value: string
  /** Valid for 5 minutes. */
  download_url: string
}

export interface SubMerchantBillAnswer {
  download_bill_count: number
  download_bill_list: {
    bill_sequence: number
    download_url: string
    /** The file's key, encrypted for the merchant's API certificate. */
    encrypt_key: string
    hash_type: string
    hash_value: string
    nonce: string
  }[]
}

const billDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .meta({ title: '账单日期' })
const tarType = z.literal('GZIP').optional()

const billAnswer: z.ZodType<BillAnswer> = z.looseObject({
  hash_type: z.string(),
  hash_value: z.string(),
  download_url: z.string().min(1),
})

export const tradeBill: Endpoint<never, TradeBillQuery, BillAnswer> = {
  ...V3_ENDPOINTS.tradeBill,
  errors: V3_ERRORS.tradeBill,
  query: z.strictObject({
    bill_date: billDate,
    sub_mchid: mchid.optional(),
    bill_type: z.enum(['ALL', 'SUCCESS', 'REFUND', 'RECHARGE_REFUND', 'ALL_SPECIAL', 'SUC_SPECIAL', 'REF_SPECIAL']).optional(),
    tar_type: tarType,
  }),
  answer: billAnswer,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012791907',
}

export const fundFlowBill: Endpoint<never, FundFlowBillQuery, BillAnswer> = {
  ...V3_ENDPOINTS.fundFlowBill,
  errors: V3_ERRORS.fundFlowBill,
  query: z.strictObject({ bill_date: billDate, account_type: z.enum(['BASIC', 'OPERATION', 'FEES']).optional(), tar_type: tarType }),
  answer: billAnswer,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012791908',
}

export const subMerchantFundFlowBill: Endpoint<never, SubMerchantFundFlowBillQuery, SubMerchantBillAnswer> = {
  ...V3_ENDPOINTS.subMerchantFundFlowBill,
  errors: V3_ERRORS.subMerchantFundFlowBill,
  query: z.strictObject({
    sub_mchid: mchid,
    bill_date: billDate,
    account_type: z.enum(['BASIC', 'OPERATION', 'FEES', 'DEPOSIT']),
    algorithm: z.enum(['AEAD_AES_256_GCM', 'SM4_GCM']),
    tar_type: tarType,
  }),
  answer: z.looseObject({
    download_bill_count: z.int(),
    download_bill_list: z.array(
      z.looseObject({
        bill_sequence: z.int(),
        download_url: z.string(),
        encrypt_key: z.string(),
        hash_type: z.string(),
        hash_value: z.string(),
        nonce: z.string(),
      }),
    ),
  }),
  source: 'pay.weixin.qq.com/doc/v3/partner/4012760672',
}

export const profitSharingBill: Endpoint<never, ProfitSharingBillQuery, BillAnswer> = {
  ...V3_ENDPOINTS.profitSharingBill,
  errors: V3_ERRORS.profitSharingBill,
  query: z.strictObject({ bill_date: billDate, sub_mchid: mchid.optional(), tar_type: tarType }),
  answer: billAnswer,
  source: 'pay.weixin.qq.com/doc/v3/merchant/4012526120',
}
