// Whether a refused request may have been carried out, by WeChat's answer (v3-protocol §12 and §13) and the error tables of the endpoints.

import type { V3EndpointName } from './endpoints/v3.ts'
import { type ErrorSpec, type Meaning, V3_ERRORS } from './endpoints/v3-errors.ts'

/** `refused`: certainly not carried out. `unknown`: it may have been carried out, so query before repeating under another number. */
export type Outcome = 'refused' | 'unknown'

/**
 * The outcome of a non-2xx answer. `endpoint`: undefined for a path that the specification does not know; then a code counts as unknown if any endpoint says so.
 * `signed`: whether the signature was verified. An unsigned answer proves nothing, except a 401: WeChat's front end sends it unsigned, before it reads the
 * request (v3-protocol §4).
 */
export function outcomeOf(endpoint: V3EndpointName | undefined, status: number, code: string, signed: boolean): Outcome {
  if (status === 401) return 'refused'
  if (!signed) return 'unknown'
  const documented = entriesOf(endpoint, code)
  if (documented.some(({ meaning }) => meaning === 'unknown')) return 'unknown'
  // A 5xx is a refusal only with a code that WeChat documents as one with a 5xx.
  if (status >= 500) return documented.some((entry) => entry.status >= 500) ? 'refused' : 'unknown'
  return status >= 400 ? 'refused' : 'unknown'
}

/** The most careful meaning that any endpoint gives a code: `unknown` before `retry` before `refused`. Undefined if none documents it. */
export function meaningOf(code: string): Meaning | undefined {
  const meanings = new Set(entriesOf(undefined, code).map(({ meaning }) => meaning))
  return (['unknown', 'retry', 'refused'] as const).find((meaning) => meanings.has(meaning))
}

/** The endpoint's own entries of a code. A code that it does not document is judged by the entries of all endpoints. */
function entriesOf(endpoint: V3EndpointName | undefined, code: string): readonly ErrorSpec[] {
  const plain = plainOf(code)
  const own = endpoint ? V3_ERRORS[endpoint].filter((entry) => plainOf(entry.code) === plain) : []
  return own.length > 0 ? own : (EVERYWHERE.get(plain) ?? [])
}

/** WeChat writes its codes with and without underscores. */
function plainOf(code: string): string {
  return code.replaceAll('_', '')
}

const EVERYWHERE = new Map<string, ErrorSpec[]>()
for (const entry of Object.values(V3_ERRORS).flat())
  EVERYWHERE.set(plainOf(entry.code), [...(EVERYWHERE.get(plainOf(entry.code)) ?? []), entry])
