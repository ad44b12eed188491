// The signature of an answer or notification of WeChat Pay (v3-protocol §4): reads, checks or makes it.

import type { KeyObject } from 'node:crypto'
import { SignatureError } from '../errors.ts'
import { answerMessage } from './message.ts'
import { sign, verify } from './sign.ts'
import { assertFresh } from './timestamp.ts'

/** Prefix of the signature in the few answers and notifications that WeChat signs wrongly on purpose (v3-protocol §5). */
export const PROBE_PREFIX = 'WECHATPAY/SIGNTEST/'

export interface AnswerSignature {
  /** Unix seconds. */
  timestamp: string
  nonce: string
  /** Base64. */
  signature: string
  /** Serial of a platform certificate, or `PUB_KEY_ID_…`. Upper case. */
  serial: string
}

/** Anything that returns a header by name: `Headers`, or a function over a framework's own object. */
export interface HeaderSource {
  get(name: string): string | null
}

/** Reads the four signature headers. @throws SignatureError ERR_SIGNATURE_HEADERS, ERR_SIGNATURE_TYPE. */
export function readAnswerSignature(headers: HeaderSource): AnswerSignature {
  const read = (name: string): string => {
    const value = headers.get(name)
    if (!value) throw new SignatureError('ERR_SIGNATURE_HEADERS', { missing: name })
    return value
  }
  const timestamp = read('Wechatpay-Timestamp')
  const nonce = read('Wechatpay-Nonce')
  const signature = read('Wechatpay-Signature')
  const serial = read('Wechatpay-Serial').toUpperCase()
  const type = headers.get('Wechatpay-Signature-Type') ?? 'WECHATPAY2-SHA256-RSA2048'
  if (type !== 'WECHATPAY2-SHA256-RSA2048') throw new SignatureError('ERR_SIGNATURE_TYPE', { type: type.slice(0, 40) })
  return { timestamp, nonce, signature, serial }
}

/** Checks what needs no key: the clock, and whether this is one of WeChat's probes. It is cheap, so it comes first. */
export function assertPlausible(signature: AnswerSignature, now: number): void {
  assertFresh(signature.timestamp, now)
  if (signature.signature.startsWith(PROBE_PREFIX))
    throw new SignatureError('ERR_SIGNATURE_PROBE', { serial: signature.serial.slice(0, 64) })
}

/** One verification. `diagnoseBody` finds out why it failed. `body` is the raw bytes as received. @throws SignatureError ERR_SIGNATURE_MISMATCH */
export function assertSigned(signature: AnswerSignature, body: Uint8Array, publicKey: KeyObject): void {
  const message = answerMessage(signature.timestamp, signature.nonce, body)
  if (verify(publicKey, message, signature.signature)) return
  throw new SignatureError('ERR_SIGNATURE_MISMATCH', { serial: signature.serial.slice(0, 64), body_bytes: body.byteLength })
}

/** WeChat's side: the headers that sign `body`. `now` is epoch milliseconds. */
export async function signAnswer(
  key: { serial: string; privateKey: KeyObject },
  body: string | Uint8Array,
  now: number,
  nonce: string,
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000))
  return {
    'Wechatpay-Timestamp': timestamp,
    'Wechatpay-Nonce': nonce,
    'Wechatpay-Serial': key.serial,
    'Wechatpay-Signature': await sign(key.privateKey, answerMessage(timestamp, nonce, body)),
    'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
  }
}
