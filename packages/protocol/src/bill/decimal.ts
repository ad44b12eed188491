// Decimal text in bills as exact integers, without floats: `'1.05'` yuan is 105 fen, `'0.01000'` is 1000 thousandths of a fen.

import { MessageError } from '../errors.ts'

const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const WHOLE_DIGITS_MAX = 13
const FRACTION_DIGITS_MAX = 8

/** `parseDecimal('1.05', 2)` is 105. More decimals than `decimals` are accepted only if they are zero. @throws MessageError ERR_BILL_FORMAT */
export function parseDecimal(text: string, decimals: number): number {
  const bytes = Buffer.from(text)
  const value = decimalOf(bytes, 0, bytes.length, decimals)
  if (Number.isNaN(value)) throw new MessageError('ERR_BILL_FORMAT', { problem: 'not an amount', text: text.slice(0, 40) })
  return value
}

/** As `parseDecimal`, of the bytes from `start` to `end`, because a bill has several amounts in each of its million rows. NaN when they are no amount. */
export function decimalOf(bytes: Uint8Array, start: number, end: number, decimals: number): number {
  const negative = bytes[start] === MINUS
  const first = negative ? start + 1 : start
  let value = 0
  let at = first
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - ZERO
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  if (at === first || at - first > WHOLE_DIGITS_MAX) return Number.NaN
  if (at < end && (bytes[at] !== POINT || at + 1 === end || end - at - 1 > FRACTION_DIGITS_MAX)) return Number.NaN
  at++
  const last = at + decimals
  for (; at < end; at++) {
    const digit = (bytes[at] as number) - ZERO
    if (digit < 0 || digit > 9 || (at >= last && digit > 0)) return Number.NaN
    if (at < last) value = value * 10 + digit
  }
  for (; at < last; at++) value *= 10
  if (value > Number.MAX_SAFE_INTEGER) return Number.NaN
  return negative && value !== 0 ? -value : value
}

/** `formatDecimal(1000, 5)` is `'0.01000'`. */
export function formatDecimal(value: number, decimals: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`not an integer: ${value}`)
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0')
  return `${value < 0 ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
