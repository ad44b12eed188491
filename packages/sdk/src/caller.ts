// The function that every verb is given: it checks a request against the spec, sends it, and returns the verified answer.

import type { KeyObject } from 'node:crypto'
import { sealSensitive } from '@cashdesk/protocol'
import type * as Spec from '@cashdesk/protocol/spec'
import { RequestError } from './errors.ts'
import type { CallOptions, SignedRequest, TransportOptions } from './transport/options.ts'
import { call } from './transport/transport.ts'
import type { Verifier } from './trust/trust.ts'

/** Names of the endpoints in @cashdesk/protocol/spec. */
export type EndpointName = {
  [Name in keyof typeof Spec]: (typeof Spec)[Name] extends { path: string; errors: unknown } ? Name : never
}[keyof typeof Spec]

export interface VerbRequest {
  endpoint: EndpointName
  method: 'GET' | 'POST'
  /** The path, percent-encoded, without query. */
  path: string
  query?: object | undefined
  body?: object | undefined
  /** Serial number of the key that sealed a field of the body. WeChat needs it to open the field. */
  serial?: string | undefined
}

export interface Caller {
  /** The signing merchant: `mchid` of a direct merchant, `sp_mchid` of a service provider. */
  readonly mchid: string
  send(request: VerbRequest, options?: CallOptions): Promise<unknown>
  /** A function that seals sensitive fields for WeChat, all with one key; `serial` names the key. */
  sealer(): Promise<Sealer>
}

export interface Sealer {
  serial: string
  seal(text: string): string
  /** Like `seal`; undefined stays undefined. */
  sealOptional(text: string | undefined): string | undefined
}

/** `how` applies to each call, unless the call itself sets the same option. */
export function callerOver(transport: TransportOptions, verifier: Verifier, validate: boolean, how: CallOptions): Caller {
  return {
    mchid: transport.mchid,
    async send(request, options) {
      if (validate) await check(request)
      return call(transport, verifier, signedRequest(request), { ...how, ...options })
    },
    async sealer() {
      const { serial, key } = await verifier.sealingKey()
      return sealerOf(serial, key)
    },
  }
}

function sealerOf(serial: string, key: KeyObject): Sealer {
  const seal = (text: string): string => sealSensitive(key, text)
  return { serial, seal, sealOptional: (text) => (text === undefined ? undefined : seal(text)) }
}

export function signedRequest(request: Omit<VerbRequest, 'endpoint'>): SignedRequest {
  // Undefined fields are left out of the query, as JSON leaves them out.
  const query = new URLSearchParams(
    Object.entries(request.query ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined),
  ).toString()
  return {
    method: request.method,
    target: query ? `${request.path}?${query}` : request.path,
    body: request.body && JSON.stringify(request.body),
    serial: request.serial,
  }
}

/** The schemas are loaded with the first checked request, so that a program that does not check stays small. */
async function check(request: VerbRequest): Promise<void> {
  const spec = await import('@cashdesk/protocol/spec')
  const endpoint = spec[request.endpoint] as Spec.Endpoint<unknown, unknown>
  const part = request.body ? endpoint.body : endpoint.query
  // Through JSON and back: exactly what WeChat will get, without the undefined fields.
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

/** One segment of a path, encoded so that it stays one segment. @throws TypeError for segments such as `..`, which URL parsers would resolve */
export function part(value: string): string {
  if (value === '' || value === '.' || value === '..') throw new TypeError(`not usable in a path: ${JSON.stringify(value)}`)
  return encodeURIComponent(value)
}
