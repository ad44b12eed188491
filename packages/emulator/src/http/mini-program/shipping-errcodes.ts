// Chooses the errcode for an upload that breaks a rule of its fields (miniprogram-server-api §8.3 and its table).

import type { Issue } from '../v3/validate.ts'

const BY_FIELD: Readonly<Record<string, number>> = {
  order_number_type: 268485194,
  transaction_id: 268485195,
  mchid: 268485196,
  out_trade_no: 268485197,
  logistics_type: 10060005,
  delivery_mode: 268485224,
  is_all_delivered: 10060007,
  upload_time: 268485216,
}

/** The errcodes for fields that are present but too long. */
const TOO_LONG: Readonly<Record<string, number>> = {
  shipping_list: 10060024,
  express_company: 10060025,
  tracking_no: 10060026,
  item_desc: 10060009,
}

export function wrongShipping({ path, code, message }: Issue, given: unknown): number {
  // The spec's rules between fields carry their errcode in the message.
  const named = /\((\d+)\)$/.exec(message)?.[1]
  if (named) return Number(named)
  const field = String(path.findLast((part) => typeof part === 'string'))
  if (given !== undefined && isOtherType(code, given, field)) return 47001
  const known = (code === 'too_big' ? TOO_LONG[field] : undefined) ?? BY_FIELD[field]
  if (known !== undefined) return known
  return field === 'item_desc' ? 10060008 : 10060014
}

/** Whether the value has another JSON type than documented, such as an enum sent as text or an object in place of a list. */
function isOtherType(code: string | undefined, given: unknown, field: string): boolean {
  return code === 'invalid_type' || (ENUMS.includes(field) && typeof given !== 'number')
}

const ENUMS: readonly string[] = ['order_number_type', 'logistics_type', 'delivery_mode']
