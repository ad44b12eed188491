// Connects one v2 endpoint to the platform. Parties and input are checked before it is called.

import type { SignType } from '@cashdesk/protocol/v2'
import type { V2Endpoint } from '@cashdesk/protocol/v2/spec'
import type { Merchant } from '../../platform/merchants/merchants.ts'
import type { V2Fields } from '../../platform/v2/fields.ts'
import type { RawFile } from '../raw-file.ts'
import type { V2Caller } from './gate/gate.ts'
import { checkParties, type PartyWorld } from './gate/parties.ts'
import { checkV2Sentinel } from './sentinel.ts'
import { validateFields, type Wrong } from './validate.ts'

export interface V2Route {
  path: string
  /** Whether the endpoint requires mutual TLS. */
  certificate: boolean
  /** Gives the fields of the answer apart from the parties, or a file. @throws V2Failure, V2Refusal, Refusal */
  serve(caller: V2Caller): V2Fields | RawFile
}

export interface V2Input<Body> {
  merchant: Merchant
  appid: string
  body: Body
  sign_type: SignType
}

export interface V2RouteOptions<Body> {
  endpoint: V2Endpoint<Body>
  wrong?: Wrong
  act(input: V2Input<Body>): V2Fields | RawFile
}

export function v2Route<Body>(world: PartyWorld, { endpoint, wrong, act }: V2RouteOptions<Body>): V2Route {
  return {
    path: endpoint.path,
    certificate: endpoint.certificate,
    serve({ merchant, sign_type, fields }) {
      const appid = checkParties(world, merchant, fields)
      const body = validateFields(endpoint.body, fields, wrong)
      checkV2Sentinel(endpoint.errors, fields)
      return act({ merchant, appid, body, sign_type })
    },
  }
}

/** The fields of an answer that repeat the parties of the request. */
export function echoed({ appid, mch_id, sub_appid, sub_mch_id }: Readonly<Record<string, string>>): V2Fields {
  return { appid, mch_id, sub_appid, sub_mch_id }
}
