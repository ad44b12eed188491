// The one path of every v2 call: check → sign → send → verify → type, and tell whether it was carried out (v2-protocol §1, §2).

import { CashdeskError, MessageError } from '@cashdesk/protocol'
import {
  assertSignedV2,
  type Fields,
  readFields,
  sealV2,
  type TypedFields,
  typed,
  V2_ENDPOINTS,
  type V2EndpointName,
  type V2Trust,
  v2OutcomeOf,
} from '@cashdesk/protocol/v2'
import type * as Spec from '@cashdesk/protocol/v2/spec'
import { ApiError, NetworkError, RequestError, UntrustedAnswerError } from '../errors.ts'
import { type Clock, type Fetch, nonce, type Random } from '../ports.ts'
import { exchange } from '../transport/exchange.ts'
import { overFetch, type RawAnswer } from '../transport/wire.ts'

export interface V2Call {
  endpoint: V2EndpointName
  fields: object
  /** Fields that the SDK itself adds beside appid, mch_id and the like. Users cannot pass them. */
  fixed?: Readonly<Record<string, string>> | undefined
}

export interface V2CallerOptions {
  appid: string
  mch_id: string
  trust: V2Trust
  /** Base URLs, tried in turn; the next one if no answer came. Repeating is safe, because every v2 call is idempotent by its numbers. */
  hosts: readonly string[]
  fetch: Fetch
  /** Fetch with the client certificate, for the calls that need it. */
  mutualFetch: Fetch | undefined
  clock: Clock
  random: Random
  deadline_ms: number
  validate: boolean
}

const XML_BYTES_MAX = 256 * 1024

/** The verified answer, with each of `names` present. @throws ApiError, NetworkError, UntrustedAnswerError, RequestError */
export async function callV2(options: V2CallerOptions, call: V2Call, ...names: readonly string[]): Promise<TypedFields> {
  const answer = await postV2(options, call, { trust: options.trust, fetch: options.fetch, bytesMax: XML_BYTES_MAX })
  return readAnswer(options, call, answer, names)
}

/** The same, over mutual TLS with the client certificate. */
export async function callV2Mutual(options: V2CallerOptions, call: V2Call, ...names: readonly string[]): Promise<TypedFields> {
  const answer = await postV2(options, call, { trust: options.trust, fetch: mutual(options), bytesMax: XML_BYTES_MAX })
  return readAnswer(options, call, answer, names)
}

/** @throws TypeError if no client certificate was given. Nothing was sent. */
export function mutual({ mutualFetch }: V2CallerOptions): Fetch {
  if (!mutualFetch) throw new TypeError('This call needs clientCertificate, or mutualFetch.')
  return mutualFetch
}

/** The answer's raw bytes, because bills are not XML. */
export async function postV2(
  options: V2CallerOptions,
  call: V2Call,
  how: { trust: V2Trust; fetch: Fetch; bytesMax: number },
): Promise<RawAnswer> {
  if (options.validate) await check(call)
  const ends = options.clock.now() + options.deadline_ms
  for (const [number, host] of options.hosts.entries()) {
    const body = sealed(options, call, how.trust)
    const sent = {
      method: 'POST',
      url: host + V2_ENDPOINTS[call.endpoint].path,
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      body,
    } as const
    const limits = { deadline_ms: Math.max(1, ends - options.clock.now()), bytesMax: how.bytesMax }
    try {
      return await exchange(overFetch(how.fetch), options.clock, limits, sent)
    } catch (error) {
      const again = error instanceof NetworkError && error.code === 'ERR_NETWORK' && number < options.hosts.length - 1
      if (!again || options.clock.now() >= ends) throw error
    }
  }
  throw new TypeError('baseURL must name a host')
}

/** Signs the request, with a new nonce each time. @throws RequestError for characters that XML cannot contain */
function sealed({ appid, mch_id, random }: V2CallerOptions, { endpoint, fields, fixed }: V2Call, trust: V2Trust): string {
  const { signType } = trust
  try {
    return sealV2(trust, { ...fields, ...fixed, appid, mch_id, nonce_str: nonce(random), sign_type: signType })
  } catch (cause) {
    throw new RequestError('ERR_REQUEST_INVALID', {
      request: nameOfV2(endpoint),
      issue: cause instanceof Error ? cause.message : undefined,
    })
  }
}

/** Checks return_code, then the signature, then result_code. A return_code FAIL is never signed, so it proves nothing. */
function readAnswer(
  { trust, mch_id }: V2CallerOptions,
  { endpoint }: V2Call,
  { status, body }: RawAnswer,
  names: readonly string[],
): TypedFields {
  const request = nameOfV2(endpoint)
  const fields = readXml(request, status, body)
  const { return_code, return_msg, result_code, err_code, err_code_des } = fields
  if (return_code !== 'SUCCESS') throw refusal(request, status, err_code ?? '', return_msg ?? '', false)
  try {
    assertSignedV2(trust.key, trust.signType, fields)
    if (fields['mch_id'] !== mch_id) throw new MessageError('ERR_MESSAGE_TENANT', { where: 'mch_id' })
    if (result_code === 'SUCCESS') return typed(fields, names)
  } catch (cause) {
    const reason = cause instanceof CashdeskError ? cause.code : 'unreadable'
    throw new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request, status, reason }, { cause })
  }
  throw refusal(request, status, err_code ?? '', err_code_des ?? '', true)
}

/** Gateways answer with HTML. A body that is not WeChat's XML proves nothing. */
function readXml(request: string, status: number, body: Uint8Array): Fields {
  try {
    return readFields(body)
  } catch (cause) {
    if (status >= 500) throw new NetworkError('ERR_NETWORK', { request, reason: `HTTP ${status}` })
    throw new UntrustedAnswerError('ERR_ANSWER_UNTRUSTED', { request, status, reason: 'not XML' }, { cause })
  }
}

export function refusal(request: string, status: number, code: string, message: string, signed: boolean): ApiError {
  return new ApiError(v2OutcomeOf(code, signed), { status, code, message, signed }, request)
}

/** For error messages: `POST /pay/orderquery`. */
export function nameOfV2(endpoint: V2EndpointName): string {
  return `POST ${V2_ENDPOINTS[endpoint].path}`
}

/** The schemas are loaded with the first checked call. */
async function check({ endpoint: name, fields }: V2Call): Promise<void> {
  const spec = await import('@cashdesk/protocol/v2/spec')
  const endpoint: Spec.V2Endpoint<unknown> = spec[name]
  // Through JSON and back removes the undefined fields.
  const result = endpoint.body.safeParse(JSON.parse(JSON.stringify(fields)))
  if (result.success) return
  const [issue] = result.error.issues
  throw new RequestError('ERR_REQUEST_INVALID', {
    request: nameOfV2(name),
    field: `/${issue?.path.join('/') ?? ''}`,
    issue: issue?.message,
    source: endpoint.source,
  })
}
