// The client of one merchant: its verbs, its payment fields, its notifications. Creating it does no I/O.

import type { KeyObject } from 'node:crypto'
import { apiV3Key, type BodyAlteration, type RequestPayment, requestPayment, V3_ENDPOINTS } from '@cashdesk/protocol'
import { type Bills, billsOver } from './bills/bills.ts'
import { type ByHand, byHand } from './by-hand/by-hand.ts'
import { callerOver } from './caller.ts'
import { headerSource } from './notifications/header-source.ts'
import { type Notification, type RawNotification, rawBody, receive } from './notifications/receive.ts'
import { type Clock, type Fetch, nonce, type Random, systemClock, systemRandom } from './ports.ts'
import { localSigner, type Signer } from './signers/signer.ts'
import type { Hooks } from './transport/hooks.ts'
import { nodeNetwork } from './transport/node-network.ts'
import type { Attempt, CallOptions, TransportOptions } from './transport/options.ts'
import { withRetries } from './transport/retry.ts'
import { sendSigned } from './transport/transport.ts'
import { overFetch } from './transport/wire.ts'
import { readCertificates, type TrustedBefore } from './trust/download.ts'
import { downloadedCertificates, givenCertificates } from './trust/platform-certificates.ts'
import { publicKeys } from './trust/public-keys.ts'
import { type KeySource, type TrustedKey, verifierOf } from './trust/trust.ts'
import { type Verbs, verbs } from './verbs.ts'

export interface WechatPayOptions {
  /** The merchant that signs: a direct merchant or a service provider. */
  mchid: string
  /** The signing key: PEM with its serial number, or any Signer (such as a KMS). */
  signer: Signer | { serial_no: string; privateKey: string }
  /** 32 characters. Give several while the key is being changed. */
  apiV3Key: string | readonly string[]
  /** WeChat Pay public keys by id: `{ 'PUB_KEY_ID_…': pem }`. */
  publicKeys?: Readonly<Record<string, string>> | undefined
  /** `'download'`, or PEMs. Give this, or publicKeys, or both during a change from one to the other. */
  platformCertificates?: 'download' | readonly string[] | undefined
  /** WeChat's two hosts by default. The next one is tried only after a network failure. */
  baseURL?: string | readonly string[] | undefined
  /** The network. Default: node:https with keep-alive. */
  fetch?: Fetch | undefined
  clock?: Clock | undefined
  random?: Random | undefined
  /** Milliseconds for one call with all its attempts. Default 10000. */
  deadline_ms?: number | undefined
  /** Milliseconds for one attempt. Default 5000. */
  attempt_ms?: number | undefined
  /** Number of further attempts after network failures, 5xx and 429. Each sends the same body with a new signature. Default 2. */
  retries?: number | undefined
  /** Functions for logs, metrics and traces. */
  hooks?: Hooks | undefined
  /** Check requests against the spec before sending. On by default, except in production. */
  validate?: boolean | undefined
}

export interface WechatPay extends Verbs, ByHand {
  readonly mchid: string
  bills: Bills
  /** The same client with an abort signal or another deadline (for all attempts of a call). Cheap to make. */
  with(how: CallOptions): WechatPay
  /** The five parameters of wx.requestPayment, signed with the merchant's key. */
  requestPayment(input: { appid: string; prepay_id: string }): Promise<RequestPayment>
  /** Verifies, decrypts and types a notification. @throws SignatureError, DecryptError, MessageError */
  receive(raw: RawNotification): Promise<Notification>
  /** Finds out how a notification's body was changed if its signature does not match. For debugging: it costs far more than `receive`. */
  diagnoseNotification(raw: RawNotification): Promise<BodyAlteration | undefined>
  /**
   * WeChat's keys that are trusted now; certificates with their expiry, for monitoring. Makes no request, so downloaded certificates are listed after their
   * first use.
   */
  trustedKeys(): TrustedKey[]
  /** Decrypts a field that WeChat sealed for this merchant, such as `user_name` of a transfer. @throws DecryptError */
  openSensitive(ciphertext: string): Promise<string>
}

/** @throws TypeError, KeyError if the options are not usable. */
export function createWechatPay(options: WechatPayOptions): WechatPay {
  const clock = options.clock ?? systemClock
  const random = options.random ?? systemRandom
  const signer = 'sign' in options.signer ? options.signer : localSigner(options.signer.serial_no, options.signer.privateKey)
  const apiV3Keys = [options.apiV3Key].flat().map(apiV3Key)
  if (!/^[0-9]{6,32}$/.test(options.mchid)) throw new TypeError('mchid must be the merchant number, digits only')

  const transport: TransportOptions = {
    mchid: options.mchid,
    signer,
    hosts: [options.baseURL ?? HOSTS].flat().map((host) => host.replace(/\/+$/, '')),
    ...(options.fetch ? { fetch: options.fetch, wire: overFetch(options.fetch) } : nodeNetwork()),
    clock,
    random,
    deadline_ms: options.deadline_ms ?? 10_000,
    attempt_ms: options.attempt_ms ?? 5000,
    retries: options.retries ?? 2,
    hooks: options.hooks ?? {},
  }
  const verifier = verifierOf(keySources(options, transport, apiV3Keys), clock)
  const validate = options.validate ?? process.env['NODE_ENV'] !== 'production'
  const same: Pick<WechatPay, 'mchid' | 'requestPayment' | 'trustedKeys' | 'receive' | 'diagnoseNotification' | 'openSensitive'> = {
    mchid: options.mchid,
    requestPayment: ({ appid, prepay_id }) =>
      requestPayment({ appid, prepay_id, nonceStr: nonce(random), now: clock.now() }, (message) => signer.sign(message)),
    trustedKeys: () => verifier.held(),
    receive: (raw) => receive({ mchid: options.mchid, apiV3Keys }, verifier, raw),
    diagnoseNotification: async ({ headers, body }) => verifier.diagnose(headerSource(headers), rawBody(body)),
    openSensitive(ciphertext) {
      if (!signer.open) throw new TypeError('This signer cannot open sensitive fields.')
      return signer.open(ciphertext)
    },
  }
  const clientWith = (how: CallOptions): WechatPay => {
    const caller = callerOver(transport, verifier, validate, how)
    return {
      ...same,
      ...verbs(caller),
      bills: billsOver(caller, transport, verifier),
      with: (more) => clientWith({ ...how, ...more }),
      ...byHand(transport, verifier, caller, how),
    }
  }
  return clientWith({})
}

/** The nearest host, and the backup host (v3-protocol §1). */
const HOSTS = ['https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com']

function keySources(options: WechatPayOptions, transport: TransportOptions, apiV3Keys: readonly KeyObject[]): KeySource[] {
  const { clock, random } = transport
  const sources: KeySource[] = []
  if (options.publicKeys) sources.push(publicKeys(options.publicKeys))
  if (options.platformCertificates === 'download') {
    const [given] = sources
    const download = async (own: TrustedBefore) => {
      const { method, path: target } = V3_ENDPOINTS.certificates
      const attempt = (at: Attempt) => sendSigned(transport, { method, target }, at)
      const trusted: TrustedBefore = (serial) => given?.known(serial) ?? own(serial)
      return readCertificates(await withRetries(transport, {}, attempt), apiV3Keys, trusted, clock.now())
    }
    sources.push(downloadedCertificates({ clock, random, download }))
  } else if (options.platformCertificates) sources.push(givenCertificates(options.platformCertificates, clock))
  if (sources.length === 0)
    throw new TypeError('Give publicKeys, or platformCertificates, or both: without them no answer can be verified.')
  return sources
}
