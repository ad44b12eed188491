// Connects one v3 endpoint to the platform. Input is checked against the spec before the endpoint is called.

import type { ErrorSpec } from '@cashdesk/protocol'
import type { Endpoint } from '@cashdesk/protocol/spec'
import type { Merchant } from '../../platform/merchants/merchants.ts'
import { paramError } from '../../platform/refusal.ts'
import { checkSentinel } from './sentinel.ts'
import { type Schema, validateBody, validateQuery } from './validate.ts'

export interface Call {
  merchant: Merchant
  /** The values of the `{name}` parts of the path, decoded. */
  parts: Readonly<Record<string, string>>
  query: URLSearchParams
  body: Buffer
  headers: Headers
  /** Scheme and host under which the client reached us. */
  origin: string
}

export interface Route {
  method: string
  path: string
  /** The errors that the endpoint documents. */
  errors: readonly ErrorSpec[]
  /** Gives the body of a 200, `null` for a 204, or a RawFile. @throws Refusal */
  serve(call: Call): unknown
}

export interface Input<Body, Query> {
  merchant: Merchant
  parts: Readonly<Record<string, string>>
  body: Body
  query: Query
  headers: Headers
  origin: string
}

export function route<Body, Query, Answer>(
  endpoint: Endpoint<Body, Query, Answer>,
  act: (input: Input<Body, Query>) => Answer | null,
): Route {
  return {
    method: endpoint.method,
    path: endpoint.path,
    errors: endpoint.errors,
    serve({ merchant, parts, query, body, headers, origin }) {
      for (const [name, value] of Object.entries(parts)) checkPart(name, value)
      const valid = checked(endpoint.body, (schema) => validateBody(schema, body))
      checkSentinel(endpoint.errors, valid)
      return act({
        merchant,
        parts,
        body: valid,
        query: checked(endpoint.query, (schema) => validateQuery(schema, query)),
        headers,
        origin,
      })
    },
  }
}

/** Without a schema the value's type is `never`, so no endpoint can read it. */
function checked<T>(schema: Schema<T> | undefined, read: (schema: Schema<T>) => T): T {
  return schema ? read(schema) : (undefined as T)
}

/** Numbers of refunds and shares have up to 64 characters, other numbers up to 32. */
const PARTS: Record<string, [title: string, characters_max: number]> = {
  out_trade_no: ['商户订单号', 32],
  combine_out_trade_no: ['合单商户订单号', 32],
  out_refund_no: ['商户退款单号', 64],
  out_order_no: ['商户分账单号', 64],
  out_return_no: ['商户回退单号', 64],
  out_bill_no: ['商户单号', 32],
  transfer_bill_no: ['微信转账单号', 64],
}

function checkPart(name: string, value: string): void {
  const [title, max] = PARTS[name] ?? ['微信支付订单号', 32]
  if (value.length <= max) return
  throw paramError(`输入源“/uri_template/${name}”映射到值字段“${title}”字符串规则校验失败，字节数 ${value.length}，大于最大值 ${max}`, {
    field: name,
    value: value.length,
    issue: 'too long',
    location: 'url',
  })
}
