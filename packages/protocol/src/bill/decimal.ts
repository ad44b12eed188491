// Decimal text in bills as exact integers, without floats: `'1.05'` yuan is 105 fen, `'0.01000'` is 1000 thousandths of a fen.

import { MessageError } from '../errors.ts'

/** `parseDecimal('1.05', 2)` is 105. More decimals than `decimals` are accepted only if they are zero. @throws MessageError ERR_BILL_FORMAT */
export function parseDecimal(text: string, decimals: number): number {
  const match = /^(-?)([0-9]{1,13})(?:\.([0-9]{1,8}))?$/.exec(text)
  const fraction = (match?.[3] ?? '').padEnd(decimals, '0')
  if (!match?.[2] || /[1-9]/.test(fraction.slice(decimals))) {
    throw new MessageError('ERR_BILL_FORMAT', { problem: 'not an amount', text: text.slice(0, 40) })
  }
  const value = Number(match[2] + fraction.slice(0, decimals))
  return match[1] && value !== 0 ? -value : value
}

/** `formatDecimal(1000, 5)` is `'0.01000'`. */
export function formatDecimal(value: number, decimals: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`not an integer: ${value}`)
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0')
  return `${value < 0 ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
