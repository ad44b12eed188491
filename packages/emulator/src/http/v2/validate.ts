// Checks the fields of a v2 request against the spec. WeChat ignores fields that it does not know, as long as they are signed.

import type { Fields } from '@cashdesk/protocol/v2'
import { lenient } from '../lenient.ts'
import type { Schema } from '../v3/validate.ts'
import { missing } from './gate/gate.ts'
import { V2Failure } from './refusal.ts'

/** Fields that every request has. The gate has checked them already. */
const ENVELOPE: readonly string[] = ['appid', 'mch_id', 'nonce_str', 'sign', 'sign_type']

/** Gives the refusal for one wrong or absent field, when the endpoint has its own texts for it. */
export type Wrong = (name: string, absent: boolean) => V2Failure

const wrongField: Wrong = (name, absent) => (absent ? missing(name) : new V2Failure('PARAM_ERROR', `${name}参数格式校验错误`))

/** Checks the fields. @throws V2Failure */
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

/** The wire has only text, so the fields that the spec defines as integers are converted. */
function numberOr(name: string, value: string): string | number {
  return /^(?:total_fee|refund_fee|offset)$/.test(name) && /^\d{1,15}$/.test(value) ? Number(value) : value
}
