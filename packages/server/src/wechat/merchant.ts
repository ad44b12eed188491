// A merchant as the journeys see it: who receives the money, which programs may pay, and the calls to WeChat, direct or for a sub-merchant.

import type { Order, Payer, Recipient, RefundInput } from '@cashdesk/domain'
import {
  type Clock,
  createWechatPay,
  type Fetch,
  type JsapiInput,
  type JsapiOrder,
  type PartnerJsapiInput,
  type PartnerJsapiOrder,
  type Random,
  type Refund as RefundFact,
  type RefundRequest,
  type Transaction,
  type WechatPay,
} from '@cashdesk/sdk'
import type { MerchantConfig } from '../config/config.ts'
import { readCertificate } from '../health/own-certificate.ts'
import type { Trust } from '../health/trust.ts'
import type { Gate } from './gate.ts'

export interface Merchant {
  id: string
  recipient: Recipient
  appids: readonly string[]
  wechatpay: WechatPay
  /** The merchant's own certificate, where the configuration holds it. */
  certificate: { serial: string; not_after: number } | undefined
  trust: Trust
  /** Reserves a call for one new payment. @throws Problem wechat_unreachable, wechat_busy: then nothing may be written about it */
  admit(): void
  /** The request body for this order. It is stored, and sent again byte for byte. */
  request(order: Order, payer: Payer): string
  /** Creates the order at WeChat; call `admit` first. @throws ApiError, NetworkError, UntrustedAnswerError; the methods below also NotAskedError */
  place(request: string): Promise<{ prepay_id: string }>
  query(out_trade_no: string): Promise<Transaction>
  close(out_trade_no: string): Promise<void>
  /** The request body for this refund. It is stored, and sent again byte for byte. */
  refundRequest(order: Order, refund: RefundInput): string
  refund(request: string): Promise<RefundFact>
  queryRefund(out_refund_no: string): Promise<RefundFact>
}

export interface MerchantWindows {
  clock: Clock
  random: Random
  fetch?: Fetch | undefined
  pay_url?: string | undefined
  retries?: number | undefined
  public_url: string
  gate: Gate
  trust: Trust
  /** Called with WeChat's time (epoch ms) from each of its answers. */
  heard(date: number): void
}

export function merchantOf(config: MerchantConfig, windows: MerchantWindows): Merchant {
  const wechatpay = createWechatPay({
    mchid: config.mchid,
    signer: { serial_no: config.serial_no, privateKey: config.private_key },
    apiV3Key: config.api_v3_key,
    publicKeys: Object.keys(config.public_keys).length > 0 ? config.public_keys : undefined,
    platformCertificates: config.platform_certificates ? 'download' : undefined,
    baseURL: windows.pay_url,
    fetch: windows.fetch,
    clock: windows.clock,
    random: windows.random,
    // The schedule repeats calls. Immediate repeats are only for short network failures, if the caller wants them.
    retries: windows.retries ?? 0,
    // Our own API has checked these values already.
    validate: false,
    hooks: { attempt: () => (end) => end.date !== undefined && windows.heard(end.date) },
  })
  const { gate, trust } = windows
  const common = {
    id: config.id,
    appids: config.appids,
    wechatpay,
    certificate: config.certificate === undefined ? undefined : readCertificate(config.certificate),
    trust,
    admit: gate.admit,
    ...refunding(wechatpay, config.partner?.sub_mchid, `${windows.public_url}/wechat/${config.id}/notify/refund`),
  }
  const notify_url = `${windows.public_url}/wechat/${config.id}/notify/payment`
  const way = config.partner ? forSubMerchant(wechatpay, config.partner, notify_url) : direct(wechatpay, notify_url)
  return throughGate(gate, { ...common, ...way })
}

/** Sends each call through the gate, which limits calls and pauses them while WeChat is unreachable. */
function throughGate(gate: Gate, merchant: Merchant): Merchant {
  return {
    ...merchant,
    place: (request) => gate.call('place', () => merchant.place(request)),
    query: (out_trade_no) => gate.call('query', () => merchant.query(out_trade_no)),
    close: (out_trade_no) => gate.call('close', () => merchant.close(out_trade_no)),
    refund: (request) => gate.call('refund', () => merchant.refund(request)),
    queryRefund: (out_refund_no) => gate.call('query_refund', () => merchant.queryRefund(out_refund_no)),
  }
}

/** Refund calls are the same for both kinds of merchant; a service provider adds its sub-merchant's number. */
function refunding(
  wechatpay: WechatPay,
  sub_mchid: string | undefined,
  notify_url: string,
): Pick<Merchant, 'refundRequest' | 'refund' | 'queryRefund'> {
  return {
    refundRequest(order, { out_refund_no, amount, reason }) {
      const request: RefundRequest = {
        ...(sub_mchid !== undefined && { sub_mchid }),
        out_trade_no: order.out_trade_no,
        out_refund_no,
        ...(reason !== null && { reason }),
        notify_url,
        // WeChat compares `total` with the amount that it has.
        amount: { refund: amount, total: order.paid_total ?? order.amount.total, currency: 'CNY' },
      }
      return JSON.stringify(request)
    },
    // The text was made by `refundRequest` above.
    refund: (request) => wechatpay.refunds.create(JSON.parse(request) as RefundRequest),
    queryRefund: (out_refund_no) => wechatpay.refunds.query({ out_refund_no, sub_mchid }),
  }
}

type Way = Pick<Merchant, 'recipient' | 'request' | 'place' | 'query' | 'close'>

function direct(wechatpay: WechatPay, notify_url: string): Way {
  return {
    recipient: { mchid: wechatpay.mchid, sub_mchid: null },
    request(order, payer) {
      // Includes the mchid that the SDK would add, so that the stored text equals the sent one.
      const body: JsapiOrder = {
        appid: payer.appid,
        ...common(order, notify_url),
        payer: { openid: payer.openid },
        mchid: wechatpay.mchid,
      }
      return JSON.stringify(body)
    },
    // The text was made by `request` above.
    place: (request) => wechatpay.transactions.jsapi(JSON.parse(request) as JsapiInput),
    query: (out_trade_no) => wechatpay.transactions.byOutTradeNo(out_trade_no),
    close: (out_trade_no) => wechatpay.transactions.close(out_trade_no),
  }
}

function forSubMerchant(wechatpay: WechatPay, partner: NonNullable<MerchantConfig['partner']>, notify_url: string): Way {
  const { sp_appid, sub_mchid, sub_appid } = partner
  return {
    recipient: { mchid: wechatpay.mchid, sub_mchid },
    request(order, payer) {
      // The openid belongs to the program in which the user pays: the sub-merchant's own or the provider's.
      const ownProgram = payer.appid === sub_appid
      const body: PartnerJsapiOrder = {
        sp_appid,
        sub_mchid,
        ...(ownProgram && { sub_appid }),
        ...common(order, notify_url),
        payer: ownProgram ? { sub_openid: payer.openid } : { sp_openid: payer.openid },
        sp_mchid: wechatpay.mchid,
      }
      return JSON.stringify(body)
    },
    place: (request) => wechatpay.partner.jsapi(JSON.parse(request) as PartnerJsapiInput),
    query: (out_trade_no) => wechatpay.partner.byOutTradeNo({ sub_mchid, out_trade_no }),
    close: (out_trade_no) => wechatpay.partner.close({ sub_mchid, out_trade_no }),
  }
}

function common(order: Order, notify_url: string) {
  return {
    description: order.description,
    out_trade_no: order.out_trade_no,
    time_expire: `${new Date(order.expires_at + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`,
    ...(order.attach !== null && { attach: order.attach }),
    notify_url,
    amount: order.amount,
  }
}
