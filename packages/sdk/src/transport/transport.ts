// The one way to WeChat Pay: sign → send → verify → parse, and say whether it happened.

import type { KeyObject } from 'node:crypto'
import { AUTHORIZATION_SCHEME, formatAuthorization, type HeaderSource, outcomeOf, requestMessage, SignatureError } from '@cashdesk/protocol'
import { ApiError, type Refusal, UntrustedAnswerError } from '../errors.ts'
import { type Clock, type Fetch, nonce, type Random } from '../ports.ts'
import type { Signer } from '../signers/signer.ts'
import { exchange, type RawAnswer } from './exchange.ts'
import type { Hooks } from './hooks.ts'
import { withRetries } from './retry.ts'

/** Checks that an answer or notification is WeChat's own. */
export interface Verifier {
  /** @throws SignatureError */
  verify(headers: HeaderSource, body: Uint8Array): Promise<void>
  /** The key we ask WeChat to sign with, sent as `Wechatpay-Serial`; sensitive fields are sealed with it too. */
  sealingKey(): Promise<{ serial: string; key: KeyObject }>
}

export interface TransportOptions {
  mchid: string
  signer: Signer
  /** Tried in turn, the next one after a network failure only. */
  hosts: readonly string[]
  fetch: Fetch
  clock: Clock
  random: Random
  /** For one call with all its attempts. */
  deadline_ms: number
  /** For one attempt. */
  attempt_ms: number
  /** Attempts after the first, where repeating is safe. */
  retries: number
  hooks: Hooks
}

export interface CallOptions {
  signal?: AbortSignal | undefined
  deadline_ms?: number | undefined
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

/** Where one attempt goes, and how long it may take. */
export interface Attempt {
  number: number
  host: string
  limit_ms: number
  signal?: AbortSignal | undefined
}

/** The headers of a request, its signature freshly made. */
export async function signedHeaders(
  options: TransportOptions,
  { method, target, body, serial }: SignedRequest,
): Promise<Record<string, string>> {
  const timestamp = String(Math.floor(options.clock.now() / 1000))
  const nonce_str = nonce(options.random)
  const signature = await options.signer.sign(requestMessage(method, target, timestamp, nonce_str, body ?? ''))
  return {
    authorization: formatAuthorization({ mchid: options.mchid, serial_no: options.signer.serial_no, nonce_str, timestamp, signature }),
    accept: 'application/json',
    'user-agent': USER_AGENT,
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(serial && { 'wechatpay-serial': serial }),
  }
}

/** Signs and sends a request once and returns the answer as it came, not yet verified. */
export async function sendSigned(
  options: TransportOptions,
  request: SignedRequest,
  attempt: Attempt,
  bytesMax: number = ANSWER_BYTES_MAX,
): Promise<RawAnswer> {
  const { method, target, body } = request
  const headers = await signedHeaders(options, request)
  const limits = { deadline_ms: attempt.limit_ms, bytesMax, signal: attempt.signal }
  const init = { method, headers, ...(body !== undefined && { body }) }

  const end = options.hooks.attempt?.({ method, path: target.split('?')[0] ?? '', host: attempt.host, attempt: attempt.number })
  const began = options.clock.now()
  try {
    const answer = await exchange(options.fetch, options.clock, limits, attempt.host + target, init)
    end?.({ status: answer.status, request_id: requestId(answer), duration_ms: options.clock.now() - began })
    return answer
  } catch (error) {
    end?.({ error: (error as { code?: string }).code ?? 'unknown', duration_ms: options.clock.now() - began })
    throw error
  }
}

/** The verified, parsed answer; `null` for an empty one (204). @throws ApiError, NetworkError, UntrustedAnswerError */
export async function call(
  options: TransportOptions,
  verifier: Verifier,
  request: SignedRequest,
  how: CallOptions & { once?: boolean } = {},
): Promise<unknown> {
  const signed = { ...request, serial: request.serial ?? (await verifier.sealingKey()).serial }
  return withRetries(options, how, (attempt) => callOnce(options, verifier, signed, attempt))
}

async function callOnce(options: TransportOptions, verifier: Verifier, request: SignedRequest, attempt: Attempt): Promise<unknown> {
  const answer = await sendSigned(options, request, attempt)
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

export async function refusalOf(verifier: Verifier, answer: RawAnswer, name: string): Promise<ApiError> {
  const signed = await isSigned(verifier, answer)
  const body = parse(answer.body) as { code?: unknown; message?: unknown; detail?: unknown } | null | undefined
  const refusal: Refusal = {
    status: answer.status,
    code: typeof body?.code === 'string' ? body.code : '',
    message: typeof body?.message === 'string' ? body.message : '',
    detail: body?.detail,
    request_id: requestId(answer),
    retry_after_s: retryAfter(answer),
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
  const reason = cause instanceof SignatureError ? cause.code : cause instanceof SyntaxError ? 'not JSON' : 'the key could not be fetched'
  return new UntrustedAnswerError(
    'ERR_ANSWER_UNTRUSTED',
    { request, status: answer.status, reason, request_id: requestId(answer) },
    { cause },
  )
}

function requestId(answer: RawAnswer): string | undefined {
  return answer.headers.get('request-id') ?? undefined
}

function retryAfter(answer: RawAnswer): number | undefined {
  const text = answer.headers.get('retry-after')
  return text !== null && /^[0-9]{1,5}$/.test(text) ? Number(text) : undefined
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined
  }
}
