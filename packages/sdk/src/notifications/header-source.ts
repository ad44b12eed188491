// The headers of a notification in any form that a framework, gateway or cloud function has them. Names are matched in any case.

import { type HeaderSource, SignatureError } from '@cashdesk/protocol'

/** One value, or an array for a header that came more than once. */
type HeaderValue = string | number | readonly string[] | null | undefined

/** `Headers`, an object such as `request.headers`, a Map, or pairs. */
export type HeadersInput =
  | HeaderSource
  | Readonly<Record<string, HeaderValue>>
  | ReadonlyMap<string, HeaderValue>
  | Iterable<readonly [string, HeaderValue]>

/** More headers than any server accepts. The limit bounds the loop over an object from outside. */
const HEADERS_MAX = 2000

/** @throws SignatureError ERR_SIGNATURE_HEADERS for a value that cannot hold headers, such as undefined or a text */
export function headerSource(headers: unknown): HeaderSource {
  if (typeof headers !== 'object' || headers === null) {
    throw new SignatureError('ERR_SIGNATURE_HEADERS', {
      problem: 'headers must be Headers, an object, a Map or pairs',
      got: typeof headers,
    })
  }
  if (isMap(headers)) return overPairs(headers)
  if (isSource(headers)) return { get: (name) => text(headers.get(name)) ?? null }
  return overPairs(Symbol.iterator in headers ? (headers as Iterable<unknown>) : Object.entries(headers))
}

/** `Headers` of any realm, and adapters: their `get` takes a name in any case. A Map also has `get`, but matches the exact case only, so it is excluded. */
function isSource(headers: object): headers is { get(name: string): unknown } {
  return 'get' in headers && typeof headers.get === 'function'
}

function isMap(headers: object): headers is ReadonlyMap<unknown, unknown> {
  return Object.prototype.toString.call(headers) === '[object Map]'
}

function overPairs(pairs: Iterable<unknown>): HeaderSource {
  const found = new Map<string, string>()
  let left = HEADERS_MAX
  for (const pair of pairs) {
    if (--left < 0) break
    const [name, value] = Array.isArray(pair) ? pair : []
    const written = text(value)
    if (typeof name !== 'string' || written === undefined) continue
    const before = found.get(name.toLowerCase())
    // A repeated header is joined as fetch joins it. The result is never a valid signature.
    found.set(name.toLowerCase(), before === undefined ? written : `${before}, ${written}`)
  }
  return { get: (name) => found.get(name.toLowerCase()) ?? null }
}

/** The value as text. Several values are joined as fetch joins them, and the result is never a valid signature. */
function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')) return value.join(', ')
  return undefined
}
