// The specification of one WeChat endpoint: its path, its input, its answer, its refusals.

import type { z } from 'zod'
import type { ErrorSpec } from '../endpoints/v3-errors.ts'

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
