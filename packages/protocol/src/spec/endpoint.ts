// The specification of one WeChat endpoint: its path, its input, its answer, its refusals.

import type { z } from 'zod'

/**
 * What a refusal means. `refused`: certainly not carried out. `unknown`: query to find out. `retry`: not carried out, and the same request may succeed later.
 */
export type Meaning = 'refused' | 'unknown' | 'retry'

export interface ErrorSpec {
  status: number
  code: string
  meaning: Meaning
}

export interface Endpoint<Body = never, Query = never, Answer = unknown> {
  method: 'GET' | 'POST'
  /** The path, with `{name}` for each parameter. */
  path: string
  /** Schema of the JSON body. Closed, because WeChat refuses unknown fields (v3-protocol §1). */
  body?: z.ZodType<Body>
  query?: z.ZodType<Query>
  /** Schema of the answer. Open, so that fields that WeChat adds later pass through. `null` for a 204. */
  answer: z.ZodType<Answer> | null
  errors: readonly ErrorSpec[]
  /** The section of WeChat's documents. */
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

/** Replaces each `{name}` by its value, percent-encoded, so that the signature covers exactly what is sent (v3-protocol §2). */
export function fillPath(path: string, parts: Readonly<Record<string, string>>): string {
  return path.replace(/\{([a-z_]+)\}/g, (_, name: string) => {
    const value = parts[name]
    // URL parsers resolve '.' and '..' in any encoding.
    if (!value || /^\.{1,2}$/.test(value)) throw new TypeError(`path part ${name} is empty or not allowed`)
    return encodeURIComponent(value)
  })
}
