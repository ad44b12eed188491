// Reconciliation in the API: the days with their statements, and the differences with what people do about them.

import { z } from 'zod'
import { DIFFERENCE_CLASSES_ALL, type DifferenceClassName } from './differences.ts'
import { merchantId, text } from './values.ts'

export const RESOLUTION_REASONS_ALL = [
  'refunded',
  'corrected',
  'foreign_system',
  'timing',
  'fee_agreed',
  'wechat_confirmed',
  'other',
] as const

const DAY_STATES = ['waiting', 'clean', 'explained', 'open', 'empty', 'unavailable'] as const
const DIFFERENCE_STATES_ALL = ['open', 'explained', 'assigned', 'resolved', 'accepted'] as const

export const billDate: z.ZodString = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, { error: 'YYYY-MM-DD' })

/** Fen. opening + receipts − fees − refunds + fee_returns + refunds_returned + shares + transfers − withdrawals + recharges + other = closing. */
export interface StatementAnswer {
  opening: number
  receipts: number
  fees: number
  refunds: number
  fee_returns: number
  refunds_returned: number
  shares: number
  transfers: number
  withdrawals: number
  recharges: number
  other: number
  closing: number
}
export const statementAnswer: z.ZodType<StatementAnswer> = z.object({
  opening: z.int(),
  receipts: z.int(),
  fees: z.int(),
  refunds: z.int(),
  fee_returns: z.int(),
  refunds_returned: z.int(),
  shares: z.int(),
  transfers: z.int(),
  withdrawals: z.int(),
  recharges: z.int(),
  other: z.int(),
  closing: z.int(),
})

export interface BillAnswer {
  /** `creating`: WeChat is making it; `broken`: it was refused whole, see `problem`; `failed`: WeChat refused or did not answer. */
  state: 'loaded' | 'empty' | 'creating' | 'broken' | 'failed'
  lines?: number | undefined
  problem?: string | undefined
}
const billAnswer: z.ZodType<BillAnswer> = z.object({
  state: z.enum(['loaded', 'empty', 'creating', 'broken', 'failed']),
  lines: z.int().optional(),
  problem: z.string().optional(),
})

export interface ReconciliationAnswer {
  /** The merchant number that signs: a provider's day holds all its sub-merchants. */
  mchid: string
  /** `YYYY-MM-DD`, Beijing. */
  date: string
  state: (typeof DAY_STATES)[number]
  files: { trade?: BillAnswer | undefined; fund_flow?: BillAnswer | undefined }
  statement: StatementAnswer | null
  /** `at_risk`: fen, the sum of the amounts of what is unsettled. */
  differences: { unsettled: number; settled: number; at_risk: number }
  /** How often it was compared. */
  runs: number
  /** RFC 3339; null when nothing is missing. */
  next_check_at: string | null
  updated_at: string
}
export const reconciliationAnswer: z.ZodType<ReconciliationAnswer> = z.object({
  mchid: z.string(),
  date: z.string(),
  state: z.enum(DAY_STATES),
  files: z.object({ trade: billAnswer.optional(), fund_flow: billAnswer.optional() }),
  statement: statementAnswer.nullable(),
  differences: z.object({ unsettled: z.int(), settled: z.int(), at_risk: z.int() }),
  runs: z.int(),
  next_check_at: z.iso.datetime().nullable(),
  updated_at: z.iso.datetime(),
})

export interface ReconciliationsQuery {
  merchant?: string | undefined
  /** Default: 31 days before `to`. */
  from?: string | undefined
  /** Default: yesterday. */
  to?: string | undefined
}
export const reconciliationsQuery: z.ZodType<ReconciliationsQuery, unknown> = z.strictObject({
  merchant: merchantId.optional(),
  from: billDate.optional(),
  to: billDate.optional(),
})

export interface RunReconciliationRequest {
  /** Fetch also the bills that are there already. */
  again?: boolean | undefined
}
export const runReconciliationRequest: z.ZodType<RunReconciliationRequest> = z.strictObject({ again: z.boolean().optional() })

export interface DifferenceAnswer {
  id: string
  mchid: string
  date: string
  /** What it means and what to do: docs/reference/differences.md. */
  class: DifferenceClassName
  subject: string
  /** Our merchant, where an order is known. */
  merchant: string | null
  /** Fen: positive when WeChat has more than we (长款), negative when we have more (短款). */
  amount: number
  detail: Readonly<Record<string, string>>
  state: (typeof DIFFERENCE_STATES_ALL)[number]
  reason: (typeof RESOLUTION_REASONS_ALL)[number] | null
  /** What the machine explains it with. */
  evidence: string | null
  owner: string | null
  note: string | null
  /** The key that wants to write it off. */
  proposed_by: string | null
  age: '0-1' | '2-3' | '4-7' | '8-30' | '>30'
  opened_at: string
  updated_at: string
}
export const differenceAnswer: z.ZodType<DifferenceAnswer> = z.object({
  id: z.string(),
  mchid: z.string(),
  date: z.string(),
  class: z.enum(DIFFERENCE_CLASSES_ALL),
  subject: z.string(),
  merchant: z.string().nullable(),
  amount: z.int(),
  detail: z.record(z.string(), z.string()),
  state: z.enum(DIFFERENCE_STATES_ALL),
  reason: z.enum(RESOLUTION_REASONS_ALL).nullable(),
  evidence: z.string().nullable(),
  owner: z.string().nullable(),
  note: z.string().nullable(),
  proposed_by: z.string().nullable(),
  age: z.enum(['0-1', '2-3', '4-7', '8-30', '>30']),
  opened_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
})

export interface DifferencesQuery {
  merchant?: string | undefined
  date?: string | undefined
  state?: (typeof DIFFERENCE_STATES_ALL)[number] | undefined
  limit: number
  /** The id of the last difference on the previous page. */
  after?: string | undefined
}
export const differencesQuery: z.ZodType<DifferencesQuery, unknown> = z.strictObject({
  merchant: merchantId.optional(),
  date: billDate.optional(),
  state: z.enum(DIFFERENCE_STATES_ALL).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().min(1).max(64).optional(),
})

export type ActOnDifferenceRequest =
  | { act: 'assign'; owner: string; note?: string | undefined }
  | {
      act: 'resolve'
      reason: (typeof RESOLUTION_REASONS_ALL)[number]
      note: string
      /** With `foreign_system`: numbers that begin so belong to that system, also on later days. */
      prefix?: string | undefined
    }
  /** Written off. Above ¥100 a second, unrelated key must accept too. */
  | { act: 'accept'; note: string }
  | { act: 'reopen'; note: string }
export const actOnDifferenceRequest: z.ZodType<ActOnDifferenceRequest> = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('assign'), owner: text(64), note: text(500).optional() }),
  z.strictObject({
    act: z.literal('resolve'),
    reason: z.enum(RESOLUTION_REASONS_ALL),
    note: text(500),
    prefix: z
      .string()
      .regex(/^[0-9A-Za-z_\-|*]{2,31}$/)
      .optional(),
  }),
  z.strictObject({ act: z.literal('accept'), note: text(500) }),
  z.strictObject({ act: z.literal('reopen'), note: text(500) }),
])

/** Which of WeChat's files is given, for a file that a person downloaded on the merchant platform. */
export interface ImportBillQuery {
  merchant?: string | undefined
  kind: 'trade' | 'fund_flow'
}
export const importBillQuery: z.ZodType<ImportBillQuery, unknown> = z.strictObject({
  merchant: merchantId.optional(),
  kind: z.enum(['trade', 'fund_flow']).default('trade'),
})
