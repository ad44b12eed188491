// The five parameters of wx.requestPayment (v3-protocol §3): made by the merchant's server, passed on unchanged by the phone.

import type { KeyObject } from 'node:crypto'
import { requestPaymentMessage } from './signature/message.ts'
import { verify } from './signature/sign.ts'

/** The parameters of wx.requestPayment, spelled as the mini program spells them. */
export interface RequestPayment {
  /** Unix seconds as text. */
  timeStamp: string
  nonceStr: string
  /** `prepay_id=…` */
  package: string
  signType: 'RSA'
  /** Base64. */
  paySign: string
}

export interface RequestPaymentInput {
  /** The mini program that will call wx.requestPayment: the order's appid, or sub_appid if the sub-merchant's program pays. */
  appid: string
  prepay_id: string
  /** Up to 32 characters. */
  nonceStr: string
  /** Epoch milliseconds. */
  now: number
}

/** Signs the payment parameters with the key that signed the order. Time and nonce are arguments, so that a test can state the exact signature. */
export async function requestPayment(input: RequestPaymentInput, sign: (message: Uint8Array) => Promise<string>): Promise<RequestPayment> {
  const timeStamp = String(Math.floor(input.now / 1000))
  const prepay = `prepay_id=${input.prepay_id}`
  const paySign = await sign(requestPaymentMessage(input.appid, timeStamp, input.nonceStr, prepay))
  return { timeStamp, nonceStr: input.nonceStr, package: prepay, signType: 'RSA', paySign }
}

/** For WeChat's side and for our own self-check: whether these parameters were signed for this appid by this merchant. */
export function verifyRequestPayment(appid: string, fields: Omit<RequestPayment, 'signType'>, publicKey: KeyObject): boolean {
  return verify(publicKey, requestPaymentMessage(appid, fields.timeStamp, fields.nonceStr, fields.package), fields.paySign)
}
