// API keys that are stored in the database (scope `admin`). The key itself is returned once, on creation.

import { z } from 'zod'
import { type Scope, scope } from './scopes.ts'
import { merchantId, text } from './values.ts'

export interface CreateApiKeyRequest {
  /** For people: who uses the key. */
  name: string
  /** The merchants that the key may act for. Each must be one of the creating key's. */
  merchants: string[]
  /** Each must be one of the creating key's scopes. */
  scopes: Scope[]
  /** RFC 3339; not after the creating key's own expiry, which is the default. A key without expiry creates keys without expiry by default. */
  expires_at?: string | undefined
}
export const createApiKeyRequest: z.ZodType<CreateApiKeyRequest> = z.strictObject({
  name: text(64),
  merchants: z.array(merchantId).min(1).max(1000),
  scopes: z.array(scope).min(1),
  expires_at: z.iso.datetime({ offset: true }).optional(),
})

export interface ApiKeyAnswer {
  /** Identifies the key, but gives no access. */
  prefix: string
  name: string
  merchants: string[]
  scopes: Scope[]
  created_at: string
  expires_at: string | null
  /** Precise to the minute. */
  last_used_at: string | null
  revoked_at: string | null
  /** The key that created it: a prefix, or `config:` and the beginning of a configured key's hash. Null if it was created before this was recorded. */
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
  /** `cdk_live_<prefix>_<secret>`. Only its hash is stored. */
  key: string
}
export const createdApiKeyAnswer: z.ZodType<CreatedApiKeyAnswer> = z.object({ ...fields, key: z.string() })

export interface RevokeApiKeyQuery {
  /** `1` also revokes every key that this one created, directly or indirectly. */
  with_children?: '1' | undefined
}
export const revokeApiKeyQuery: z.ZodType<RevokeApiKeyQuery> = z.strictObject({ with_children: z.literal('1').optional() })

export interface RevokedApiKeysAnswer {
  /** Prefixes of the keys that are no longer valid. */
  revoked: string[]
  /** Keys that the revoked one created, directly or indirectly, and that are still valid. */
  children: ApiKeyAnswer[]
}
export const revokedApiKeysAnswer: z.ZodType<RevokedApiKeysAnswer> = z.object({
  revoked: z.array(z.string()),
  children: z.array(apiKeyAnswer),
})
