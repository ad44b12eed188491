// The one way to WeChat Pay: sign → send → verify → parse, and say whether it happened.

import { AUTHORIZATION_SCHEME, formatAuthorization, type HeaderSource, outcomeOf, requestMessage, SignatureError } from '@cashdesk/protocol'
import { ApiError, type Refusal, UntrustedAnswerError } from '../errors.ts'
import { type Clock, type Fetch, nonce, type Random } from '../ports.ts'
import type { Signer } from '../signers/signer.ts'
import { exchange, type RawAnswer } from './exchange.ts'

/** Checks that an answer or notification is WeChat's own. */
export interface Verifier {
  /** @throws SignatureError */
  verify(headers: HeaderSource, body: Uint8Array): Promise<void>
  /** The key we ask WeChat to sign with, sent as `Wechatpay-Serial`. */
  serial(): Promise<string>
}

export interface TransportOptions {
  mchid: string
  signer: Signer
  baseURL: string
  fetch: Fetch
  clock: Clock
  random: Random
  deadline_ms: number
}

export interface SignedRequest {
  method: 'GET' | 'POST'
  /** Path and query as they go on the wire, already percent-encoded. */
  target: string
  /** The JSON text: what is signed is what is sent. */
  body?: string | undefined
  /** Key to be used for the answer; not sent when absent. */
  serial?: string | undefined
}

const ANSWER_BYTES_MAX = 4 * 1024 * 1024
const USER_AGENT = `cashdesk-sdk/0.1.0 (${AUTHORIZATION_SCHEME})`

/** Sends a signed request and returns the answer as it came, not yet verified. */
export async function sendSigned(options: TransportOptions, request: SignedRequest): Promise<RawAnswer> {
  const timestamp = String(Math.floor(options.clock.now() / 1000))
  const nonce_str = nonce(options.random)
  const body = request.body ?? ''
  const signature = await options.signer.sign(requestMessage(request.method, request.target, timestamp, nonce_str, body))
  const headers: Record<string, string> = {
    authorization: formatAuthorization({ mchid: options.mchid, serial_no: options.signer.serial_no, nonce_str, timestamp, signature }),
    accept: 'application/json',
    'user-agent': USER_AGENT,
  }
  if (request.body !== undefined) headers['content-type'] = 'application/json'
  if (request.serial) headers['wechatpay-serial'] = request.serial
  const limits = { deadline_ms: options.deadline_ms, bytesMax: ANSWER_BYTES_MAX }
  const init = { method: request.method, headers, ...(request.body !== undefined && { body: request.body }) }
  return exchange(options.fetch, options.clock, limits, options.baseURL + request.target, init)
}

/** The verified, parsed answer; `null` for an empty one (204). @throws ApiError, NetworkError, UntrustedAnswerError */
export async function call(options: TransportOptions, verifier: Verifier, request: Omit<SignedRequest, 'serial'>): Promise<unknown> {
  const answer = await sendSigned(options, { ...request, serial: await verifier.serial() })
  const name = `${request.method} ${request.target.split('?')[0]}`
  if (answer.status < 200 || answer.status > 299) throw await refusalOf(verifier, answer, name)
  try {
    await verifier.verify(answer.headers, answer.body)
  } catch (cause) {
    throw untrusted(name, answer, cause)
  }
  if (answer.body.byteLength === 0) return null
  const parsed = parse(answer.body)
  if (parsed === undefined) throw untrusted(name, answer, new SyntaxError('not JSON'))
  return parsed
}

async function refusalOf(verifier: Verifier, answer: RawAnswer, name: string): Promise<ApiError> {
  const signed = await isSigned(verifier, answer)
  const body = parse(answer.body) as { code?: unknown; message?: unknown; detail?: unknown } | null | undefined
  const refusal: Refusal = {
    status: answer.status,
    code: typeof body?.code === 'string' ? body.code : '',
    message: typeof body?.message === 'string' ? body.message : '',
    detail: body?.detail,
    request_id: requestId(answer),
    signed,
  }
  return new ApiError(outcomeOf(answer.status, refusal.code, signed), refusal, name)
}

async function isSigned(verifier: Verifier, answer: RawAnswer): Promise<boolean> {
  if (!answer.headers.get('wechatpay-signature')) return false
  try {
    await verifier.verify(answer.headers, answer.body)
    return true
  } catch (error) {
    // A wrong signature under a refusal is a refusal that proves nothing.
    if (error instanceof SignatureError) return false
    throw error
  }
}

function untrusted(request: string, answer: RawAnswer, cause: unknown): UntrustedAnswerError {
  const reason = cause instanceof SignatureError ? cause.code : 'not JSON'
  return new UntrustedAnswerError(
    'ERR_ANSWER_UNTRUSTED',
    { request, status: answer.status, reason, request_id: requestId(answer) },
    { cause },
  )
}

function requestId(answer: RawAnswer): string | undefined {
  return answer.headers.get('request-id') ?? undefined
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined
  }
}
