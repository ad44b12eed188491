// The requests of operators (scope `admin`): decide about payments that differ from their order, and read the log of manual actions.

import { z } from 'zod'
import { type OrderAnswer, orderAnswer } from './answers.ts'
import { LIST_LIMIT_MAX } from './merchant-api.ts'
import { merchantId, text } from './values.ts'

export interface ReviewOrderRequest {
  /** `accept`: the amount paid counts. `reject`: it does not; return the money on the merchant platform. */
  decision: 'accept' | 'reject'
  /** The reason. Stored in the audit log. */
  reason: string
}
export const reviewOrderRequest: z.ZodType<ReviewOrderRequest> = z.strictObject({
  decision: z.enum(['accept', 'reject']),
  reason: text(500),
})

export interface ReviewAnswer {
  decision: 'accepted' | 'rejected'
  reason: string
  /** The API key: its prefix, or `config:` and the beginning of its hash. */
  proposed_by: string
  proposed_at: string
  /** Null until another key has confirmed. */
  confirmed_by: string | null
  confirmed_at: string | null
  order: OrderAnswer
}
export const reviewAnswer: z.ZodType<ReviewAnswer> = z.object({
  decision: z.enum(['accepted', 'rejected']),
  reason: z.string(),
  proposed_by: z.string(),
  proposed_at: z.iso.datetime(),
  confirmed_by: z.string().nullable(),
  confirmed_at: z.iso.datetime().nullable(),
  order: orderAnswer,
})

export interface AuditLogQuery {
  merchant?: string | undefined
  limit: number
  /** The `seq` of the last entry on the previous page. */
  after?: number | undefined
}
export const auditLogQuery: z.ZodType<AuditLogQuery, unknown> = z.strictObject({
  merchant: merchantId.optional(),
  limit: z.coerce.number().int().min(1).max(LIST_LIMIT_MAX).default(20),
  after: z.coerce.number().int().min(0).optional(),
})

export interface AuditLogEntry {
  /** One sequence for all merchants, so the numbers of one merchant have gaps. */
  seq: number
  at: string
  who: string
  act: string
  merchant: string
  subject: string
  detail: Record<string, unknown>
  prev_hash: string
  /** SHA-256, hexadecimal, of the other fields and the previous entry's hash. */
  hash: string
}
export const auditLogEntry: z.ZodType<AuditLogEntry> = z.object({
  seq: z.int(),
  at: z.iso.datetime(),
  who: z.string(),
  act: z.string(),
  merchant: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
  prev_hash: z.string(),
  hash: z.string(),
})
