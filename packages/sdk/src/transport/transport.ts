// The one path of every call to WeChat Pay: sign → send → verify → parse, and tell whether the request was carried out.

import { SignatureError } from '@cashdesk/protocol'
import { UntrustedAnswerError } from '../errors.ts'
import type { Verifier } from '../trust/trust.ts'
import { ANSWER_BYTES_MAX, exchange } from './exchange.ts'
import { watched } from './hooks.ts'
import type { Attempt, CallOptions, SignedRequest, TransportOptions } from './options.ts'
import { dateOf, parse, refusalOf, requestId } from './refusal.ts'
import { withRetries } from './retry.ts'
import { signedHeaders } from './signed-headers.ts'
import type { RawAnswer } from './wire.ts'

/** Signs and sends a request once. Returns the answer as received, not verified. */
export async function sendSigned(
  options: TransportOptions,
  request: SignedRequest,
  attempt: Attempt,
  bytesMax: number = ANSWER_BYTES_MAX,
): Promise<RawAnswer> {
  const { method, target, body } = request
  const headers = await signedHeaders(options, request)
  const limits = { deadline_ms: attempt.limit_ms, bytesMax, signal: attempt.signal }

  const end = watched(options.hooks, { method, path: target.split('?')[0] ?? '', host: attempt.host, attempt: attempt.number })
  const began = options.clock.now()
  try {
    const answer = await exchange(options.wire, options.clock, limits, { method, url: attempt.host + target, headers, body })
    end({ status: answer.status, date: dateOf(answer), request_id: requestId(answer), duration_ms: options.clock.now() - began })
    return answer
  } catch (error) {
    end({ error: (error as { code?: string }).code ?? 'unknown', duration_ms: options.clock.now() - began })
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
  if (answer.status < 200 || answer.status > 299) throw await refusalOf(verifier, answer, name, request.endpoint)
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

function untrusted(request: string, answer: RawAnswer, cause: unknown): UntrustedAnswerError {
  const reason = cause instanceof SignatureError ? cause.code : cause instanceof SyntaxError ? 'not JSON' : 'not verified'
  return new UntrustedAnswerError(
    'ERR_ANSWER_UNTRUSTED',
    { request, status: answer.status, reason, request_id: requestId(answer) },
    { cause },
  )
}
