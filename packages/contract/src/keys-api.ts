// API keys that are kept in the database (scope `admin`). The key itself is shown once, when it is made.

import { z } from 'zod'
import { type Scope, scope } from './scopes.ts'
import { merchantId, text } from './values.ts'

export interface CreateApiKeyRequest {
  /** For people: who uses it. */
  name: string
  /** Those it may act for; each must be one of the asking key's. */
  merchants: string[]
  /** Each must be one of the asking key's. */
  scopes: Scope[]
  /** RFC 3339; not after the asking key's own end. When absent, that end; never for a key that does not expire. */
  expires_at?: string | undefined
}
export const createApiKeyRequest: z.ZodType<CreateApiKeyRequest> = z.strictObject({
  name: text(64),
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
  /** The key that made it: a prefix, or `config:` and the beginning of a configured key's hash. Null when it is older than this record. */
  made_by: string | null
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
  made_by: z.string().nullable(),
}
export const apiKeyAnswer: z.ZodType<ApiKeyAnswer> = z.object(fields)

export interface CreatedApiKeyAnswer extends ApiKeyAnswer {
  /** `cdk_live_<prefix>_<secret>`; only its hash is kept. */
  key: string
}
export const createdApiKeyAnswer: z.ZodType<CreatedApiKeyAnswer> = z.object({ ...fields, key: z.string() })

export interface RevokeApiKeyQuery {
  /** `1` also revokes every key that this one made, directly or not. */
  with_children?: '1' | undefined
}
export const revokeApiKeyQuery: z.ZodType<RevokeApiKeyQuery> = z.strictObject({ with_children: z.literal('1').optional() })

export interface RevokedApiKeysAnswer {
  /** Prefixes of the keys that open nothing from now on. */
  revoked: string[]
  /** Keys that the revoked one made, directly or not, and that still open something. */
  children: ApiKeyAnswer[]
}
export const revokedApiKeysAnswer: z.ZodType<RevokedApiKeysAnswer> = z.object({
  revoked: z.array(z.string()),
  children: z.array(apiKeyAnswer),
})
