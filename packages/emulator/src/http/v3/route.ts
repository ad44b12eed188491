// One endpoint of the v3 API bound to what the platform does: input is checked against the spec before it is called.

import type { Endpoint } from '@cashdesk/protocol/spec'
import type { Merchant } from '../../platform/merchants.ts'
import { paramError } from '../../platform/refusal.ts'
import { type Schema, validateBody, validateQuery } from './validate.ts'

export interface Call {
  merchant: Merchant
  /** The `{name}` parts of the path, decoded. */
  parts: Readonly<Record<string, string>>
  query: URLSearchParams
  body: Buffer
}

export interface Route {
  method: string
  path: string
  /** What goes into a 200, or `null` for a 204. @throws Refusal */
  serve(call: Call): unknown
}

export interface Input<Body, Query> {
  merchant: Merchant
  parts: Readonly<Record<string, string>>
  body: Body
  query: Query
}

export function route<Body, Query, Answer>(
  endpoint: Endpoint<Body, Query, Answer>,
  act: (input: Input<Body, Query>) => Answer | null,
): Route {
  return {
    method: endpoint.method,
    path: endpoint.path,
    serve({ merchant, parts, query, body }) {
      for (const [name, value] of Object.entries(parts)) checkPart(name, value)
      return act({
        merchant,
        parts,
        body: checked(endpoint.body, (schema) => validateBody(schema, body)),
        query: checked(endpoint.query, (schema) => validateQuery(schema, query)),
      })
    },
  }
}

/** Where the endpoint has no schema its type is `never`: nothing can read the value. */
function checked<T>(schema: Schema<T> | undefined, read: (schema: Schema<T>) => T): T {
  return schema ? read(schema) : (undefined as T)
}

const PART_CHARACTERS_MAX = 32

function checkPart(name: string, value: string): void {
  if (value.length <= PART_CHARACTERS_MAX) return
  const title = name === 'out_trade_no' ? '商户订单号' : '微信支付订单号'
  throw paramError(
    `输入源“/uri_template/${name}”映射到值字段“${title}”字符串规则校验失败，字节数 ${value.length}，大于最大值 ${PART_CHARACTERS_MAX}`,
    { field: name, value: value.length, issue: 'too long', location: 'url' },
  )
}
