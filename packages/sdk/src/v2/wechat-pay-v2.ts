// The v2 client of one merchant and one appid, independent of the v3 client. Creating it does no I/O.

import {
  apiV2Key,
  type SignType,
  type V2Order,
  type V2Payment,
  type V2Prepay,
  type V2Refund,
  type V2RefundList,
  type V2RefundResult,
  type V2RequestPayment,
  v2RequestPayment,
} from '@cashdesk/protocol/v2'
import type { V2BillRequest, V2CloseOrder, V2FundFlowRequest, V2OrderKey, V2RefundKey, V2RefundRequest } from '@cashdesk/protocol/v2/spec'
import { type Clock, type Fetch, nonce, type Random, systemClock, systemRandom } from '../ports.ts'
import { nodeFetch } from '../transport/node-network.ts'
import { downloadBill, downloadFundFlow, type V2BillText } from './bills.ts'
import type { V2CallerOptions } from './caller.ts'
import { closeOrder } from './close-order.ts'
import { type ClientCertificate, mutualTlsFetch } from './mutual-tls.ts'
import { orderQuery } from './order-query.ts'
import { receivePayment, receiveRefund } from './receive.ts'
import { refund } from './refund.ts'
import { refundQuery } from './refund-query.ts'
import { unifiedOrder, type V2UnifiedOrderInput } from './unified-order.ts'

export interface WechatPayV2Options {
  /** The mini program. For a service provider, the provider's own appid. */
  appid: string
  /** The merchant that signs: a direct merchant or a service provider. */
  mch_id: string
  /** 32 characters. Not the same key as the APIv3 key. */
  apiV2Key: string
  /** The algorithm of all signatures. WeChat signs a notification with the algorithm of the order. */
  signType: SignType
  /** For refunds and the fund flow bill. */
  clientCertificate?: ClientCertificate | undefined
  /** WeChat's two hosts by default. The next one is tried if no answer came. */
  baseURL?: string | readonly string[] | undefined
  fetch?: Fetch | undefined
  /** Instead of clientCertificate: a fetch that presents the certificate itself. */
  mutualFetch?: Fetch | undefined
  clock?: Clock | undefined
  random?: Random | undefined
  /** Milliseconds for one call. Default 10000. */
  deadline_ms?: number | undefined
  /** Check requests against the spec before sending. On by default, except in production. */
  validate?: boolean | undefined
}

/** Every call throws ApiError, NetworkError, UntrustedAnswerError, RequestError, each with its outcome. */
export interface WechatPayV2 {
  readonly appid: string
  readonly mch_id: string
  unifiedOrder(order: V2UnifiedOrderInput): Promise<V2Prepay>
  orderQuery(key: V2OrderKey): Promise<V2Order>
  closeOrder(key: V2CloseOrder): Promise<void>
  refund(request: V2RefundRequest): Promise<V2Refund>
  refundQuery(key: V2RefundKey): Promise<V2RefundList>
  downloadBill(request: V2BillRequest): Promise<V2BillText>
  downloadFundFlow(request: V2FundFlowRequest): Promise<V2BillText>
  /** The five parameters of wx.requestPayment. Give `appid` if the sub-merchant's mini program pays. */
  requestPayment(input: { prepay_id: string; appid?: string | undefined }): V2RequestPayment
  /** A verified payment. Compare total_fee and payer with the order. Answer V2_REPLY_OK after storing it. @throws SignatureError, MessageError */
  receivePayment(body: Uint8Array): V2Payment
  /** A decrypted refund result. It is not signed: query the refund before money depends on it. @throws DecryptError, MessageError */
  receiveRefund(body: Uint8Array): V2RefundResult
}

/** The nearest host, and the backup host (v2-protocol §1). */
const HOSTS = ['https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com']

/** @throws TypeError, KeyError if the options are not usable. */
export function createWechatPayV2(options: WechatPayV2Options): WechatPayV2 {
  const { appid, mch_id, signType, clientCertificate } = options
  if (signType !== 'MD5' && signType !== 'HMAC-SHA256') throw new TypeError("signType must be 'MD5' or 'HMAC-SHA256'")
  if (!/^[0-9]{6,32}$/.test(mch_id)) throw new TypeError('mch_id must be the merchant number, digits only')
  const clock = options.clock ?? systemClock
  const random = options.random ?? systemRandom
  const trust = { key: apiV2Key(options.apiV2Key), signType }
  const caller: V2CallerOptions = {
    appid,
    mch_id,
    trust,
    hosts: [options.baseURL ?? HOSTS].flat().map((host) => new URL(host).href.replace(/\/+$/, '')),
    // Not the global fetch: NODE_TLS_REJECT_UNAUTHORIZED=0 turns off its certificate check, and v2 refusals and bills are not signed.
    fetch: options.fetch ?? nodeFetch(),
    mutualFetch: options.mutualFetch ?? (clientCertificate && mutualTlsFetch(clientCertificate)),
    clock,
    random,
    deadline_ms: options.deadline_ms ?? 10_000,
    validate: options.validate ?? process.env['NODE_ENV'] !== 'production',
  }
  return {
    appid,
    mch_id,
    unifiedOrder: (order) => unifiedOrder(caller, order),
    orderQuery: (key) => orderQuery(caller, key),
    closeOrder: (key) => closeOrder(caller, key),
    refund: (request) => refund(caller, request),
    refundQuery: (key) => refundQuery(caller, key),
    downloadBill: (request) => downloadBill(caller, request),
    downloadFundFlow: (request) => downloadFundFlow(caller, request),
    requestPayment: (input) =>
      v2RequestPayment(trust, { appid: input.appid ?? appid, prepay_id: input.prepay_id, nonceStr: nonce(random), now: clock.now() }),
    receivePayment: (body) => receivePayment({ appid, mch_id, trust }, body),
    receiveRefund: (body) => receiveRefund({ appid, mch_id, trust }, body),
  }
}
