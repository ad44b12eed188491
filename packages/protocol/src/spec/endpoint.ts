// What one endpoint of WeChat is: where it lives, what it takes, what it answers, how it refuses.

import type { z } from 'zod'

/** Whether a refusal settles the question. `refused`: certainly did not happen. `unknown`: must be asked. `retry`: did not happen, the same request may succeed later. */
export type Meaning = 'refused' | 'unknown' | 'retry'

export interface ErrorSpec {
  status: number
  code: string
  meaning: Meaning
}

export interface Endpoint<Body = never, Query = never, Answer = unknown> {
  method: 'GET' | 'POST'
  /** Path with `{name}` for each part that the request fills in. */
  path: string
  /** JSON body, closed: WeChat refuses fields it does not know (v3-protocol §1). */
  body?: z.ZodType<Body>
  query?: z.ZodType<Query>
  /** Open: fields WeChat adds later pass through. `null` for a 204. */
  answer: z.ZodType<Answer> | null
  errors: readonly ErrorSpec[]
  /** Section of WeChat's documents. */
  source: string
}

/** Refusals that any v3 endpoint may answer (v3-protocol §12). */
export const COMMON_ERRORS: readonly ErrorSpec[] = [
  { status: 400, code: 'PARAM_ERROR', meaning: 'refused' },
  { status: 400, code: 'INVALID_REQUEST', meaning: 'refused' },
  { status: 401, code: 'SIGN_ERROR', meaning: 'refused' },
  { status: 403, code: 'NO_AUTH', meaning: 'refused' },
  { status: 429, code: 'FREQUENCY_LIMITED', meaning: 'retry' },
  { status: 429, code: 'RATELIMIT_EXCEEDED', meaning: 'retry' },
  { status: 500, code: 'SYSTEM_ERROR', meaning: 'unknown' },
  { status: 502, code: 'SERVICE_UNAVAILABLE', meaning: 'unknown' },
  { status: 503, code: 'SERVICE_UNAVAILABLE', meaning: 'unknown' },
]

/** `/a/{b}` with `b` put in, percent-encoded: the signature then covers what is sent (v3-protocol §2). */
export function fillPath(path: string, parts: Readonly<Record<string, string>>): string {
  return path.replace(/\{([a-z_]+)\}/g, (_, name: string) => {
    const value = parts[name]
    // '.' and '..' would be resolved away by URL parsers, whatever their encoding.
    if (!value || /^\.{1,2}$/.test(value)) throw new TypeError(`path part ${name} is empty or not allowed`)
    return encodeURIComponent(value)
  })
}
