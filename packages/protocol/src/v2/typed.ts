// Converts the text fields of v2: money and counts become integers, and required fields are checked.

import { MessageError } from '../errors.ts'
import type { Fields } from '../xml/fields.ts'

/** A v2 answer or notification: WeChat's names; amounts in fen and counts as integers, everything else as text. */
export type TypedFields = Readonly<Record<string, string | number>>

/** Matches `total_fee`, `coupon_fee_0`, `refund_count`, `coupon_refund_fee_0_1`; not `fee_type` or `coupon_id_0`. */
const INTEGER = /^[a-z_]*(?:_fee|_count)(?:_[0-9]{1,3}){0,2}$/

/** @throws MessageError ERR_MESSAGE_SHAPE if an amount is not an integer count of fen, or a field of `names` is missing or empty */
export function typed(fields: Fields, names: readonly string[]): TypedFields {
  for (const name of names) if (!fields[name]) throw new MessageError('ERR_MESSAGE_SHAPE', { where: name, problem: 'missing' })
  const result: Record<string, string | number> = Object.create(null)
  for (const [name, value] of Object.entries(fields)) result[name] = INTEGER.test(name) && value !== '' ? integer(name, value) : value
  // A copy with a prototype, so that callers get a plain object.
  return { ...result }
}

function integer(name: string, value: string): number {
  // No sign, decimals or exponent, so that yuan or floats are never taken for fen.
  if (!/^(?:0|[1-9][0-9]{0,14})$/.test(value)) throw new MessageError('ERR_MESSAGE_SHAPE', { where: name, problem: 'not an integer' })
  return Number(value)
}
