// API keys that are kept in the database (scope `admin`). The key itself is shown once, when it is made.

import { z } from 'zod'
import { type Scope, scope } from './scopes.ts'
import { merchantId } from './values.ts'

export interface CreateApiKeyRequest {
  /** For people: who uses it. */
  name: string
  /** Those it may act for; each must be one of the asking key's. */
  merchants: string[]
  scopes: Scope[]
  /** RFC 3339; never when absent. */
  expires_at?: string | undefined
}
export const createApiKeyRequest: z.ZodType<CreateApiKeyRequest> = z.strictObject({
  name: z.string().min(1).max(64),
  merchants: z.array(merchantId).min(1).max(1000),
  scopes: z.array(scope).min(1),
  expires_at: z.iso.datetime({ offset: true }).optional(),
})

export interface ApiKeyAnswer {
  /** Names the key without opening anything. */
  prefix: string
  name: string
  merchants: string[]
  scopes: Scope[]
  created_at: string
  expires_at: string | null
  /** To the minute. */
  last_used_at: string | null
  revoked_at: string | null
}
const fields = {
  prefix: z.string(),
  name: z.string(),
  merchants: z.array(z.string()),
  scopes: z.array(scope),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable(),
  revoked_at: z.iso.datetime().nullable(),
}
export const apiKeyAnswer: z.ZodType<ApiKeyAnswer> = z.object(fields)

export interface CreatedApiKeyAnswer extends ApiKeyAnswer {
  /** `cdk_live_<prefix>_<secret>`; only its hash is kept. */
  key: string
}
export const createdApiKeyAnswer: z.ZodType<CreatedApiKeyAnswer> = z.object({ ...fields, key: z.string() })
