// The body of a v3 refusal (v3-protocol §12). Never branch on `message`: it is localised and may change.

import { z } from 'zod'

export interface ApiErrorBody {
  code: string
  message: string
  detail?: unknown
}

export const apiErrorBody: z.ZodType<ApiErrorBody> = z.looseObject({
  code: z.string().min(1),
  message: z.string(),
  detail: z.unknown().optional(),
})
