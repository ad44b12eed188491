// What comes in over HTTP, checked once at the edge: bytes within the limit, JSON, and the contract's schema.

import { z } from 'zod'
import { Problem } from '../problem.ts'
import { languageOf } from './answer.ts'

export const BODY_BYTES_MAX: number = 64 * 1024

const CHINESE = z.locales.zhCN().localeError

/** The raw bytes. @throws Problem body_too_large, however the length is declared. */
export async function bytes(request: Request): Promise<Buffer> {
  const declared = request.headers.get('content-length')
  if (Number(declared ?? 0) > BODY_BYTES_MAX) throw new Problem('body_too_large')
  // A body of declared length ends where it says, so it may be read whole: that is a tenth of the cost of a stream.
  const whole = declared === null ? await streamed(request) : Buffer.from(await request.arrayBuffer())
  if (whole.byteLength > BODY_BYTES_MAX) throw new Problem('body_too_large')
  return whole
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

/** A JSON body that fits the schema. @throws Problem body_too_large, bad_json, invalid_request */
export async function body<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const text = (await bytes(request)).toString('utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Problem('bad_json')
  }
  return check(request, schema, value)
}

/** The query string as the schema wants it. A name given twice counts once, the last. */
export function query<T>(request: Request, schema: z.ZodType<T, unknown>): T {
  return check(request, schema, Object.fromEntries(new URL(request.url).searchParams))
}

function check<T>(request: Request, schema: z.ZodType<T, unknown>, value: unknown): T {
  const result = schema.safeParse(value, languageOf(request) === 'zh' ? { error: CHINESE } : {})
  if (result.success) return result.data
  throw new Problem('invalid_request', {
    errors: result.error.issues.map((issue) => ({ field: `/${issue.path.join('/')}`, message: issue.message })),
  })
}
