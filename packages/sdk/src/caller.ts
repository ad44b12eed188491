// What every verb is given: one function that checks a request against the spec, sends it, and returns the verified answer.

import type { ApiErrorBody, Endpoint } from '@cashdesk/protocol/spec'
import { RequestError } from './errors.ts'
import { call, type SignedRequest, type TransportOptions, type Verifier } from './transport/transport.ts'

/** Names of the endpoints in @cashdesk/protocol/spec that verbs use. */
export type EndpointName =
  | 'jsapiOrder'
  | 'jsapiQueryById'
  | 'jsapiQueryByOutTradeNo'
  | 'jsapiClose'
  | 'partnerJsapiOrder'
  | 'partnerQueryById'
  | 'partnerQueryByOutTradeNo'
  | 'partnerClose'

export interface VerbRequest {
  endpoint: EndpointName
  method: 'GET' | 'POST'
  /** Encoded path, without query. */
  path: string
  query?: Readonly<Record<string, string>> | undefined
  body?: object | undefined
}

export interface Caller {
  /** The signing merchant: `mchid` of a direct merchant, `sp_mchid` of a service provider. */
  readonly mchid: string
  send(request: VerbRequest): Promise<unknown>
}

export function callerOver(transport: TransportOptions, verifier: Verifier, validate: boolean): Caller {
  return {
    mchid: transport.mchid,
    async send(request) {
      if (validate) await check(request)
      return call(transport, verifier, signedRequest(request))
    },
  }
}

export function signedRequest(request: Omit<VerbRequest, 'endpoint'>): SignedRequest {
  const query = new URLSearchParams(request.query).toString()
  return {
    method: request.method,
    target: query ? `${request.path}?${query}` : request.path,
    body: request.body && JSON.stringify(request.body),
  }
}

/** The schemas load on the first checked request, so that a program which does not check stays small. */
async function check(request: VerbRequest): Promise<void> {
  const spec = await import('@cashdesk/protocol/spec')
  const endpoint: Endpoint<unknown, unknown> = spec[request.endpoint] as Endpoint<unknown, unknown>
  const part = request.body ? endpoint.body : endpoint.query
  // Through JSON and back: what WeChat will see, without the fields that are undefined.
  const result = part?.safeParse(JSON.parse(JSON.stringify(request.body ?? request.query ?? {})))
  if (!result || result.success) return
  const [issue] = result.error.issues
  throw new RequestError('ERR_REQUEST_INVALID', {
    request: `${request.method} ${request.path}`,
    field: `/${issue?.path.join('/') ?? ''}`,
    issue: issue?.message,
    source: endpoint.source,
  })
}

export type { ApiErrorBody }
