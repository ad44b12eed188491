// Turns an answer that is not 2xx into an error that says whether the request was carried out.

import { outcomeOf, SignatureError, type V3EndpointName } from '@cashdesk/protocol'
import { ApiError, type Refusal } from '../errors.ts'
import type { Verifier } from '../trust/trust.ts'
import type { RawAnswer } from './wire.ts'

/** `endpoint` is undefined for a request that the specification does not know. */
export async function refusalOf(
  verifier: Verifier,
  answer: RawAnswer,
  name: string,
  endpoint: V3EndpointName | undefined,
): Promise<ApiError> {
  const signature = await signatureOf(verifier, answer)
  const signed = signature === 'right'
  const body = parse(answer.body) as { code?: unknown; message?: unknown; detail?: unknown } | null | undefined
  const refusal: Refusal = {
    status: answer.status,
    code: typeof body?.code === 'string' ? body.code : '',
    message: typeof body?.message === 'string' ? body.message : '',
    detail: body?.detail,
    request_id: requestId(answer),
    retry_after_s: retryAfter(answer),
    signed,
    ...(signature instanceof SignatureError && { signature_fault: signature.code }),
  }
  return new ApiError(outcomeOf(endpoint, answer.status, refusal.code, signed), refusal, name)
}

/** A refusal with a wrong signature counts as unsigned, but says what is wrong with it. */
async function signatureOf(verifier: Verifier, answer: RawAnswer): Promise<'right' | 'none' | SignatureError> {
  if (!answer.headers.get('wechatpay-signature')) return 'none'
  try {
    await verifier.verify(answer.headers, answer.body)
    return 'right'
  } catch (error) {
    if (error instanceof SignatureError) return error
    throw error
  }
}

export function requestId(answer: RawAnswer): string | undefined {
  return answer.headers.get('request-id') ?? undefined
}

export function dateOf(answer: RawAnswer): number | undefined {
  const date = Date.parse(answer.headers.get('date') ?? '')
  return Number.isNaN(date) ? undefined : date
}

function retryAfter(answer: RawAnswer): number | undefined {
  const text = answer.headers.get('retry-after')
  return text !== null && /^[0-9]{1,5}$/.test(text) ? Number(text) : undefined
}

export function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    return undefined
  }
}
