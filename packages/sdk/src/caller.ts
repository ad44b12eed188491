// The function that every verb is given: it checks a request against the spec, sends it, and returns the verified answer.

import type { KeyObject } from 'node:crypto'
import { fillPath, type PathParts, sealSensitive, V3_ENDPOINTS, type V3EndpointName } from '@cashdesk/protocol'
import type * as Spec from '@cashdesk/protocol/spec'
import { RequestError } from './errors.ts'
import type { CallOptions, TransportOptions } from './transport/options.ts'
import { targetOf } from './transport/target.ts'
import { call } from './transport/transport.ts'
import type { Verifier } from './trust/trust.ts'

interface Contents {
  query?: object | undefined
  body?: object | undefined
  /** Serial number of the key that sealed a field of the body. WeChat needs it to open the field. */
  serial?: string | undefined
}

/** A request to an endpoint by its name; `parts` holds a value for each `{name}` of its path. */
export type VerbRequest<Name extends V3EndpointName = V3EndpointName> = Contents & { endpoint: Name } & PartsOf<
    PathParts<(typeof V3_ENDPOINTS)[Name]['path']>
  >

type PartsOf<Parts> = unknown extends Parts ? { parts?: undefined } : { parts: Parts }

export interface Caller {
  /** The signing merchant: `mchid` of a direct merchant, `sp_mchid` of a service provider. */
  readonly mchid: string
  send<Name extends V3EndpointName>(request: VerbRequest<Name>, options?: CallOptions): Promise<unknown>
  /** A function that seals sensitive fields for WeChat, all with one key; `serial` names the key. */
  sealer(): Promise<Sealer>
  /** Opens a field that WeChat sealed for this merchant. Absent if the signer cannot. */
  open?: ((ciphertext: string) => Promise<string>) | undefined
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
    open: transport.signer.open?.bind(transport.signer),
    async send(request, options) {
      const { endpoint, query, body, serial } = request
      const { method, path: template } = V3_ENDPOINTS[endpoint]
      const path = fillPath(template, request.parts ?? {})
      if (validate) await check(endpoint, `${method} ${path}`, { query, body })
      const target = targetOf(path, query)
      return call(transport, verifier, { method, target, body: body && JSON.stringify(body), endpoint, serial }, { ...how, ...options })
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

/** The schemas are loaded with the first checked request, so that a program that does not check stays small. */
async function check(name: V3EndpointName, request: string, { query, body }: Contents): Promise<void> {
  const spec = await import('@cashdesk/protocol/spec')
  const endpoint = spec[name] as Spec.Endpoint<unknown, unknown>
  const schema = body ? endpoint.body : endpoint.query
  // Through JSON and back: exactly what WeChat will get, without the undefined fields.
  const result = schema?.safeParse(JSON.parse(JSON.stringify(body ?? query ?? {})))
  if (!result || result.success) return
  const [issue] = result.error.issues
  throw new RequestError('ERR_REQUEST_INVALID', {
    request,
    field: `/${issue?.path.join('/') ?? ''}`,
    issue: issue?.message,
    source: endpoint.source,
  })
}
