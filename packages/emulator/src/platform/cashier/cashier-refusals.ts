// The results when the cashier does not open: the texts that users really see (miniprogram-client-api §3.1 and §3.3), and the reasons.

import { requestPaymentMessage, verify } from '@cashdesk/protocol'
import type { Merchants } from '../merchants/merchants.ts'

/** What wx.requestPayment reports. `emulator` is an addition for people: it gives the reason, which real phones do not report. */
export interface CashierResult {
  errMsg: string
  err_code?: number | string
  err_desc?: string
  emulator?: CashierRefusal
}

/** The reason, for people and tests. Only the emulator reports it. */
export interface CashierRefusal {
  code: string
  en: string
  zh: string
  /** The message that paySign should have been made over. */
  canonical?: string
}

type Signed = Record<'timeStamp' | 'nonceStr' | 'package' | 'paySign', string>

const MISSING_TOTAL_FEE = 'requestPayment:fail:调用支付JSAPI缺少参数: total_fee'

export const refused = {
  type: (name: string, value: unknown): CashierResult =>
    because(`requestPayment:fail parameter error: parameter.${name} should be String instead of ${typeName(value)};`, {
      code: 'PARAMETER_TYPE',
      en: `${name} must be a string.`,
      zh: `${name} 必须是字符串。`,
    }),
  packageFormat: (): CashierResult =>
    because(MISSING_TOTAL_FEE, {
      code: 'PACKAGE_FORMAT',
      en: 'package must be prepay_id=… without blanks.',
      zh: 'package 必须形如 prepay_id=…，不含空格。',
    }),
  signType: (value: unknown, wanted: 'RSA' | 'MD5' | 'HMAC-SHA256'): CashierResult =>
    unsigned({
      code: 'SIGN_TYPE',
      en: `signType must be ${wantedEn(wanted)}; ${value === undefined ? 'left out it means MD5' : `it is ${String(value)}`}.`,
      zh: `${wantedZh(wanted)}；${value === undefined ? '省略时默认为 MD5' : `当前为 ${String(value)}`}。`,
    }),
  prepayUnknown: (): CashierResult =>
    because(MISSING_TOTAL_FEE, {
      code: 'PREPAY_UNKNOWN',
      en: 'No order has this prepay_id.',
      zh: '没有订单对应这个 prepay_id。',
    }),
  prepayExpired: (): CashierResult =>
    because('requestPayment:fail 该订单已失效', {
      code: 'PREPAY_EXPIRED',
      en: 'The prepay_id is older than 2 hours: place the same order again for a new one.',
      zh: 'prepay_id 已超过 2 小时：用相同参数重新下单以获取新的 prepay_id。',
    }),
  appid: (running: string, ordered: string): CashierResult =>
    because('requestPayment:fail 商户传入的appid参数不正确', {
      code: 'APPID_MISMATCH',
      en: `The order is for mini program ${ordered}, but ${running} is running.`,
      zh: `订单属于小程序 ${ordered}，而正在运行的是 ${running}。`,
    }),
  paid: (): CashierResult =>
    because('requestPayment:fail 该订单已支付', { code: 'PAID', en: 'The order is paid already.', zh: '该订单已支付。' }),
  closed: (): CashierResult =>
    because('requestPayment:fail 订单已关闭', { code: 'CLOSED', en: 'The order is closed.', zh: '订单已关闭。' }),
  orderExpired: (): CashierResult =>
    because('requestPayment:fail 该订单已失效', { code: 'EXPIRED', en: 'time_expire has passed.', zh: '已超过 time_expire。' }),
  openid: (): CashierResult =>
    because('requestPayment:fail 下单账号与支付账号不一致', {
      code: 'PAYER_MISMATCH',
      en: 'Another user than the one who ordered is paying.',
      zh: '支付的用户与下单的用户不一致。',
    }),
  paySign: (canonical: string, fields: Signed, merchants: Merchants, mchid: string): CashierResult =>
    unsigned({ code: 'PAY_SIGN', ...causeOf(fields, merchants, mchid), canonical }),
  /** `canonical` is the signed text without the key at its end. */
  paySignV2: (canonical: string, timeStamp: string): CashierResult => {
    const cause = /^\d{10}$/.test(timeStamp)
      ? {
          en: 'paySign does not belong to appId, nonceStr, package, signType, timeStamp (in this order, &key= and the APIv2 key at the end).',
          zh: 'paySign 与 appId、nonceStr、package、signType、timeStamp（按此顺序，末尾为 &key=APIv2 密钥）不符。',
        }
      : SECONDS_WANTED
    return unsigned({ code: 'PAY_SIGN', ...cause, canonical: `${canonical}&key=…` })
  },
}

function wantedEn(wanted: string): string {
  return wanted === 'RSA' ? 'RSA for APIv3' : `${wanted} for this APIv2 order, as the order was signed`
}

function wantedZh(wanted: string): string {
  return wanted === 'RSA' ? 'APIv3 的 signType 必须是 RSA' : `该订单由 APIv2 下单，signType 必须与下单时一致，即 ${wanted}`
}

const SECONDS_WANTED = { en: 'timeStamp must be seconds, 10 digits as text.', zh: 'timeStamp 必须是 10 位秒数字符串。' }

/** Proves two mistakes: milliseconds in timeStamp, and a signature by another merchant's key or for another appid. Otherwise the usual mistakes are named. */
function causeOf(fields: Signed, merchants: Merchants, mchid: string): { en: string; zh: string } {
  if (!/^\d{10}$/.test(fields.timeStamp)) {
    return SECONDS_WANTED
  }
  const appids = merchants.all().flatMap((merchant) => [merchant.appids, ...merchant.subMerchants.values()].flatMap((bound) => [...bound]))
  for (const merchant of merchants.all()) {
    for (const appid of appids) {
      const message = requestPaymentMessage(appid, fields.timeStamp, fields.nonceStr, fields.package)
      if (!verify(merchant.publicKey, message, fields.paySign)) continue
      return merchant.mchid === mchid
        ? { en: `paySign was made for appid ${appid}.`, zh: `paySign 是用 appid ${appid} 计算的。` }
        : { en: `paySign was made with the key of merchant ${merchant.mchid}.`, zh: `paySign 使用了商户 ${merchant.mchid} 的私钥。` }
    }
  }
  return {
    en: 'paySign does not belong to appId, timeStamp, nonceStr, package (four lines, each ended by LF) under the key that signed the order.',
    zh: 'paySign 与 appId、timeStamp、nonceStr、package 四行（每行以换行结尾）不符，或签名私钥不是下单商户的私钥。',
  }
}

function because(errMsg: string, emulator: CashierRefusal): CashierResult {
  return { errMsg, emulator }
}

function unsigned(emulator: CashierRefusal): CashierResult {
  return { errMsg: 'requestPayment:fail', err_code: 2, err_desc: '支付验证签名失败', emulator }
}

function typeName(value: unknown): string {
  if (value === undefined) return 'Undefined'
  if (value === null) return 'Null'
  if (Array.isArray(value)) return 'Array'
  const type = typeof value
  return `${type.charAt(0).toUpperCase()}${type.slice(1)}`
}
