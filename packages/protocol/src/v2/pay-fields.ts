// The five parameters of wx.requestPayment in v2 (v2-protocol §4): signed like an order, and signType is part of what is signed.

import { sameText } from '../signature/same.ts'
import type { V2Trust } from './message.ts'
import { type SignType, signV2 } from './sign.ts'

/** What wx.requestPayment takes. Spelled as the mini program spells it. */
export interface V2RequestPayment {
  /** Unix seconds as text. */
  timeStamp: string
  nonceStr: string
  /** `prepay_id=…` */
  package: string
  /** The type the order was signed with. */
  signType: SignType
  paySign: string
}

export interface V2RequestPaymentInput {
  /** The mini program that calls wx.requestPayment: the order's appid, or its sub_appid. */
  appid: string
  prepay_id: string
  nonceStr: string
  /** Epoch milliseconds. */
  now: number
}

/** Time and nonce come in, so a test can state the exact signature. */
export function v2RequestPayment({ key, signType }: V2Trust, { appid, prepay_id, nonceStr, now }: V2RequestPaymentInput): V2RequestPayment {
  const fields = { timeStamp: String(Math.floor(now / 1000)), nonceStr, package: `prepay_id=${prepay_id}`, signType }
  return { ...fields, paySign: signV2(key, signType, { appId: appid, ...fields }) }
}

/** WeChat's side: whether these parameters were signed for this appid by this merchant. */
export function verifyV2RequestPayment({ key, signType }: V2Trust, appid: string, { paySign, ...fields }: V2RequestPayment): boolean {
  return fields.signType === signType && sameText(signV2(key, signType, { appId: appid, ...fields }), paySign)
}
