// The client of one merchant: its verbs, its payment fields, its notifications. Making one does no I/O.

import type { KeyObject } from 'node:crypto'
import { apiV3Key, type BodyAlteration, type HeaderSource, type RequestPayment, requestPayment } from '@cashdesk/protocol'
import { type Bills, billsOver } from './bills/bills.ts'
import { callerOver, signedRequest } from './caller.ts'
import { headerSource } from './notifications/header-source.ts'
import { type Notification, type RawNotification, rawBody, receive } from './notifications/receive.ts'
import { type Clock, type Fetch, nonce, type Random, systemClock, systemRandom } from './ports.ts'
import { localSigner, type Signer } from './signers/signer.ts'
import type { Hooks } from './transport/hooks.ts'
import { nodeNetwork } from './transport/node-network.ts'
import type { Attempt, CallOptions, TransportOptions } from './transport/options.ts'
import { withRetries } from './transport/retry.ts'
import { call, sendSigned } from './transport/transport.ts'
import { overFetch } from './transport/wire.ts'
import { readCertificates, type TrustedBefore } from './trust/download.ts'
import { downloadedCertificates, givenCertificates } from './trust/platform-certificates.ts'
import { publicKeys } from './trust/public-keys.ts'
import { type KeySource, type TrustedKey, verifierOf } from './trust/trust.ts'
import { type Verbs, verbs } from './verbs.ts'

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
  /** WeChat's two entries by default; the next one is tried after a network failure only. */
  baseURL?: string | readonly string[] | undefined
  /** node:https with connections kept alive by default. */
  fetch?: Fetch | undefined
  clock?: Clock | undefined
  random?: Random | undefined
  /** For one call with all its attempts. 10000 by default. */
  deadline_ms?: number | undefined
  /** For one attempt. 5000 by default. */
  attempt_ms?: number | undefined
  /** Attempts after the first: after network failures, 5xx and 429; each freshly signed, with the same body. 2 by default. */
  retries?: number | undefined
  /** For logs, metrics and traces. */
  hooks?: Hooks | undefined
  /** Check requests against the spec before they are sent. On by default outside production. */
  validate?: boolean | undefined
}

export interface WechatPay extends Verbs {
  readonly mchid: string
  bills: Bills
  /** The same client, whose calls are given up by that signal, or have that long with all their attempts. Costs nothing to make. */
  with(how: CallOptions): WechatPay
  /** The five parameters of wx.requestPayment, signed with the key that signs orders. */
  requestPayment(input: { appid: string; prepay_id: string }): Promise<RequestPayment>
  /** Verifies, opens and types a notification. @throws SignatureError, DecryptError, MessageError */
  receive(raw: RawNotification): Promise<Notification>
  /** What happened to a notification on its way, when its signature does not fit its body. For debugging: it costs far more than `receive`. */
  diagnoseNotification(raw: RawNotification): Promise<BodyAlteration | undefined>
  /** WeChat's keys that count now, certificates with their end: watch it. Asks nobody, so downloaded certificates are here after their first use. */
  trustedKeys(): TrustedKey[]
  /** Opens a field that WeChat sealed for this merchant, such as `user_name` of a transfer. @throws DecryptError */
  openSensitive(ciphertext: string): Promise<string>
  /** Anything else of WeChat Pay v3, still signed and verified, sent once. `path` is sent as given; `query` is encoded. */
  request(method: 'GET' | 'POST', path: string, input?: { query?: Record<string, string>; body?: object } & CallOptions): Promise<unknown>
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
      // What an unknown call does when repeated is not known: it goes out once.
      request: (method, path, { query, body, ...more } = {}) =>
        call(transport, verifier, signedRequest({ method, path, query, body }), { ...how, ...more, once: true }),
    }
  }
  return clientWith({})
}

/** The nearest entry, and the remote one (v3-protocol §1). */
const HOSTS = ['https://api.mch.weixin.qq.com', 'https://api2.mch.weixin.qq.com']

function keySources(options: WechatPayOptions, transport: TransportOptions, apiV3Keys: readonly KeyObject[]): KeySource[] {
  const { clock, random } = transport
  const sources: KeySource[] = []
  if (options.publicKeys) sources.push(publicKeys(options.publicKeys))
  if (options.platformCertificates === 'download') {
    const [given] = sources
    const download = async (own: TrustedBefore) => {
      const attempt = (at: Attempt) => sendSigned(transport, { method: 'GET', target: '/v3/certificates' }, at)
      const trusted: TrustedBefore = (serial) => given?.known(serial) ?? own(serial)
      return readCertificates(await withRetries(transport, {}, attempt), apiV3Keys, trusted, clock.now())
    }
    sources.push(downloadedCertificates({ clock, random, download }))
  } else if (options.platformCertificates) sources.push(givenCertificates(options.platformCertificates, clock))
  if (sources.length === 0)
    throw new TypeError('Give publicKeys, or platformCertificates, or both: without them no answer can be verified.')
  return sources
}

export type { HeaderSource }
