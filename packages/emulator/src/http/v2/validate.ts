// Fields of a v2 request against the spec. WeChat reads the fields it knows and lets others pass, as long as they are signed.

import type { Fields } from '@cashdesk/protocol/v2'
import { lenient } from '../lenient.ts'
import type { Schema } from '../v3/validate.ts'
import { missing } from './gate/gate.ts'
import { V2Failure } from './refusal.ts'

/** Of every request; the gate has read them. */
const ENVELOPE: readonly string[] = ['appid', 'mch_id', 'nonce_str', 'sign', 'sign_type']

/** What may be wrong with one field, when the endpoint has words of its own for it. */
export type Wrong = (name: string, absent: boolean) => V2Failure

const wrongField: Wrong = (name, absent) => (absent ? missing(name) : new V2Failure('PARAM_ERROR', `${name}参数格式校验错误`))

/** @throws V2Failure */
export function validateFields<Body>(schema: Schema<Body>, fields: Fields, wrong: Wrong = wrongField): Body {
  const given: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (!ENVELOPE.includes(name) && value !== '') given[name] = numberOr(name, value)
  }
  const result = lenient(schema, given)
  if ('data' in result) return result.data
  const name = String(result.issue?.path[0] ?? 'out_trade_no')
  throw wrong(name, given[name] === undefined)
}

/** Integers are text on the wire. */
function numberOr(name: string, value: string): string | number {
  return /^(?:total_fee|refund_fee|offset)$/.test(name) && /^\d{1,15}$/.test(value) ? Number(value) : value
}
