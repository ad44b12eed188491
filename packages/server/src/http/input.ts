// Checks HTTP input once, at the edge: bytes within the limit, JSON, and the contract's schema.

import { isUtf8 } from 'node:buffer'
import { z } from 'zod'
import { elsewhere } from '../access/in-hand.ts'
import { Problem } from '../problem.ts'
import { languageOf } from './answer.ts'

const BODY_BYTES_MAX: number = 64 * 1024

const CHINESE = z.locales.zhCN().localeError

/** The raw bytes of the body. @throws Problem body_too_large, with or without a declared length; body_incomplete */
export async function bytes(request: Request): Promise<Buffer> {
  const declared = request.headers.get('content-length')
  if (Number(declared ?? 0) > BODY_BYTES_MAX) throw new Problem('body_too_large')
  // A body with a declared length cannot be longer, so it may be read whole: that costs a tenth of reading a stream.
  const whole = await elsewhere(() =>
    declared === null ? streamed(request) : request.arrayBuffer().then((read) => Buffer.from(read)),
  ).catch(cut)
  if (whole.byteLength > BODY_BYTES_MAX) throw new Problem('body_too_large')
  return whole
}

/** The caller disconnected in the middle. That is not our failure, so it is not counted as one. */
function cut(cause: unknown): never {
  if (cause instanceof Problem) throw cause
  throw new Problem('body_incomplete', {}, { cause })
}

async function streamed(request: Request): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > BODY_BYTES_MAX) throw new Problem('body_too_large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** A JSON body that fits the schema. @throws Problem body_too_large, body_incomplete, bad_json, invalid_request */
export async function body<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const raw = await bytes(request)
  // Invalid UTF-8 would silently be decoded to other text; the same order sent again would then differ from the stored one.
  if (!isUtf8(raw)) throw new Problem('bad_json')
  const value = parsed(raw.toString('utf8'))
  const fields = unstorableIn(value)
  if (fields.length > 0) throw new Problem('invalid_request', { errors: fields.map((field) => ({ field, message: UNSTORABLE })) })
  return check(request, schema, value)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new Problem('bad_json')
  }
}

const UNSTORABLE = 'holds NUL or half of a surrogate pair / 含有 NUL 或不成对的代理字符'

/** Text that one of the databases would refuse or change. It is refused on both, so that both answer alike. */
export function isUnstorable(text: string): boolean {
  return text.includes('\0') || /\p{Surrogate}/u.test(text)
}

/** JSON pointers to every unstorable text, keys included. */
function unstorableIn(value: unknown, pointer = ''): string[] {
  if (typeof value === 'string') return isUnstorable(value) ? [pointer || '/'] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    const field = `${pointer}/${JSON.stringify(name).slice(1, -1)}`
    return isUnstorable(name) ? [field] : unstorableIn(inner, field)
  })
}

/** Parses the query string by the schema. Of a repeated name the last value counts. @throws Problem invalid_request */
export function query<T>(request: Request, schema: z.ZodType<T, unknown>): T {
  const given = Object.fromEntries(new URL(request.url).searchParams)
  const fields = unstorableIn(given)
  if (fields.length > 0) throw new Problem('invalid_request', { errors: fields.map((field) => ({ field, message: UNSTORABLE })) })
  return check(request, schema, given)
}

function check<T>(request: Request, schema: z.ZodType<T, unknown>, value: unknown): T {
  const result = schema.safeParse(value, languageOf(request) === 'zh' ? { error: CHINESE } : {})
  if (result.success) return result.data
  throw new Problem('invalid_request', {
    errors: result.error.issues.map((issue) => ({ field: `/${issue.path.join('/')}`, message: issue.message })),
  })
}
