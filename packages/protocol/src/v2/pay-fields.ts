// The five parameters of wx.requestPayment in v2 (v2-protocol §4): signed like an order; the signature covers signType too.

import { sameText } from '../signature/same.ts'
import type { V2Trust } from './message.ts'
import { type SignType, signV2 } from './sign.ts'

/** The parameters of wx.requestPayment, spelled as the mini program spells them. */
export interface V2RequestPayment {
  /** Unix seconds as text. */
  timeStamp: string
  nonceStr: string
  /** `prepay_id=…` */
  package: string
  /** The algorithm with which the order was signed. */
  signType: SignType
  paySign: string
}

export interface V2RequestPaymentInput {
  /** The mini program that calls wx.requestPayment: the order's appid or its sub_appid. */
  appid: string
  prepay_id: string
  nonceStr: string
  /** Epoch milliseconds. */
  now: number
}

/** Time and nonce are arguments, so that a test can state the exact signature. */
export function v2RequestPayment({ key, signType }: V2Trust, { appid, prepay_id, nonceStr, now }: V2RequestPaymentInput): V2RequestPayment {
  const fields = { timeStamp: String(Math.floor(now / 1000)), nonceStr, package: `prepay_id=${prepay_id}`, signType }
  return { ...fields, paySign: signV2(key, signType, { appId: appid, ...fields }) }
}

/** WeChat's side: whether these parameters were signed for this appid by this merchant. */
export function verifyV2RequestPayment({ key, signType }: V2Trust, appid: string, { paySign, ...fields }: V2RequestPayment): boolean {
  return fields.signType === signType && sameText(signV2(key, signType, { appId: appid, ...fields }), paySign)
}
