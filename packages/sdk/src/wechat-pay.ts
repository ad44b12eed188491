// The client of one merchant: its verbs, its payment fields, its notifications. Making one does no I/O.

import { apiV3Key, type HeaderSource, type RequestPayment, requestPayment } from '@cashdesk/protocol'
import type { DirectTransaction, PartnerTransaction, PrepayAnswer } from '@cashdesk/protocol/spec'
import { callerOver, signedRequest } from './caller.ts'
import { type Notification, type RawNotification, receive } from './notifications/receive.ts'
import { partnerClose } from './partner/close.ts'
import { type PartnerJsapiInput, partnerJsapi } from './partner/jsapi.ts'
import { partnerByOutTradeNo, partnerByTransactionId } from './partner/query.ts'
import { type Clock, type Fetch, nonce, type Random, systemClock, systemRandom } from './ports.ts'
import { localSigner, type Signer } from './signers/signer.ts'
import { close } from './transactions/close.ts'
import { type JsapiInput, jsapi } from './transactions/jsapi.ts'
import { byOutTradeNo, byTransactionId } from './transactions/query.ts'
import { call, sendSigned, type TransportOptions } from './transport/transport.ts'
import { downloadedCertificates, givenCertificates } from './trust/platform-certificates.ts'
import { publicKeys } from './trust/public-keys.ts'
import { type KeySource, verifierOf } from './trust/trust.ts'

export interface WechatPayOptions {
  /** The merchant that signs: direct merchant, or service provider. */
  mchid: string
  /** The signing key: PEM with its serial number, or any Signer (a KMS). */
  signer: Signer | { serial_no: string; privateKey: string }
  /** 32 characters. Several while the key is being changed. */
  apiV3Key: string | readonly string[]
  /** WeChat Pay public keys by id: `{ 'PUB_KEY_ID_…': pem }`. */
  publicKeys?: Readonly<Record<string, string>> | undefined
  /** `'download'`, or PEMs. Give this, or publicKeys, or both while moving from one to the other. */
  platformCertificates?: 'download' | readonly string[] | undefined
  /** `https://api.mch.weixin.qq.com` by default. */
  baseURL?: string | undefined
  fetch?: Fetch | undefined
  clock?: Clock | undefined
  random?: Random | undefined
  /** For one call, all of it. 10000 by default. */
  deadline_ms?: number | undefined
  /** Check requests against the spec before they are sent. On by default outside production. */
  validate?: boolean | undefined
}

export interface WechatPay {
  readonly mchid: string
  /** Orders of a direct merchant. */
  transactions: {
    jsapi(order: JsapiInput): Promise<PrepayAnswer>
    byOutTradeNo(out_trade_no: string): Promise<DirectTransaction>
    byTransactionId(transaction_id: string): Promise<DirectTransaction>
    close(out_trade_no: string): Promise<void>
  }
  /** Orders of a service provider for its sub-merchants. */
  partner: {
    jsapi(order: PartnerJsapiInput): Promise<PrepayAnswer>
    byOutTradeNo(input: { sub_mchid: string; out_trade_no: string }): Promise<PartnerTransaction>
    byTransactionId(input: { sub_mchid: string; transaction_id: string }): Promise<PartnerTransaction>
    close(input: { sub_mchid: string; out_trade_no: string }): Promise<void>
  }
  /** The five parameters of wx.requestPayment, signed with the key that signs orders. */
  requestPayment(input: { appid: string; prepay_id: string }): Promise<RequestPayment>
  /** Verifies, opens and types a notification. @throws SignatureError, DecryptError, MessageError */
  receive(raw: RawNotification): Promise<Notification>
  /** Anything else of WeChat Pay v3, still signed and verified. `path` is sent as given; `query` is encoded. */
  request(method: 'GET' | 'POST', path: string, input?: { query?: Record<string, string>; body?: object }): Promise<unknown>
}

/** @throws TypeError, KeyError when the configuration cannot work. */
export function createWechatPay(options: WechatPayOptions): WechatPay {
  const clock = options.clock ?? systemClock
  const random = options.random ?? systemRandom
  const signer = 'sign' in options.signer ? options.signer : localSigner(options.signer.serial_no, options.signer.privateKey)
  const apiV3Keys = [options.apiV3Key].flat().map(apiV3Key)
  if (!/^[0-9]{6,32}$/.test(options.mchid)) throw new TypeError('mchid must be the merchant number, digits only')

  const transport: TransportOptions = {
    mchid: options.mchid,
    signer,
    baseURL: (options.baseURL ?? 'https://api.mch.weixin.qq.com').replace(/\/+$/, ''),
    fetch: options.fetch ?? globalThis.fetch,
    clock,
    random,
    deadline_ms: options.deadline_ms ?? 10_000,
  }
  const sources: KeySource[] = []
  if (options.publicKeys) sources.push(publicKeys(options.publicKeys))
  if (options.platformCertificates === 'download') {
    const download = () => sendSigned(transport, { method: 'GET', target: '/v3/certificates' })
    sources.push(downloadedCertificates({ clock, apiV3Keys, download }))
  } else if (options.platformCertificates) sources.push(givenCertificates(options.platformCertificates))
  if (sources.length === 0)
    throw new TypeError('Give publicKeys, or platformCertificates, or both: without them no answer can be verified.')

  const verifier = verifierOf(sources, clock)
  const caller = callerOver(transport, verifier, options.validate ?? process.env['NODE_ENV'] !== 'production')
  return {
    mchid: options.mchid,
    transactions: {
      jsapi: (order) => jsapi(caller, order),
      byOutTradeNo: (out_trade_no) => byOutTradeNo(caller, out_trade_no),
      byTransactionId: (transaction_id) => byTransactionId(caller, transaction_id),
      close: (out_trade_no) => close(caller, out_trade_no),
    },
    partner: {
      jsapi: (order) => partnerJsapi(caller, order),
      byOutTradeNo: (input) => partnerByOutTradeNo(caller, input),
      byTransactionId: (input) => partnerByTransactionId(caller, input),
      close: (input) => partnerClose(caller, input),
    },
    requestPayment: ({ appid, prepay_id }) =>
      requestPayment({ appid, prepay_id, nonceStr: nonce(random), now: clock.now() }, (message) => signer.sign(message)),
    receive: (raw) => receive({ mchid: options.mchid, apiV3Keys }, verifier, raw),
    request: (method, path, input = {}) => call(transport, verifier, signedRequest({ method, path, ...input })),
  }
}

export type { HeaderSource }
