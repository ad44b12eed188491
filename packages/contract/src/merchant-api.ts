// The requests of the merchant's backend (Authorization: Bearer <API key>).

import { z } from 'zod'
import { merchantId, openid, outTradeNo, text, totalFen } from './values.ts'

export interface CreateOrderRequest {
  /** The merchant to act for. Not needed if the key has only one. */
  merchant?: string | undefined
  /** Your number: 6–32 of `0-9 A-Z a-z _ - | *`. Without it, one is generated, and an `Idempotency-Key` header is required. */
  out_trade_no?: string | undefined
  /** Your own order number. At most one open Cashdesk order may carry it. */
  reference?: string | undefined
  /** Shown to the user by WeChat; up to 127 characters. */
  description: string
  /** Integer fen. */
  amount: { total: number; currency?: 'CNY' | undefined }
  /** Give it if your backend knows who pays. */
  payer?: { openid: string; appid?: string | undefined } | undefined
  /** Up to 128 bytes in UTF-8. WeChat returns it unchanged. */
  attach?: string | undefined
  /** RFC 3339; between 1 minute and 7 days from now. Default 2 hours. */
  time_expire?: string | undefined
  metadata?: Record<string, string> | undefined
  /** Needs `payer`. Asks WeChat at once and answers `payment` too. If that fails, the order exists all the same: repeat the call, or call pay. */
  pay?: boolean | undefined
}

export const createOrderRequest: z.ZodType<CreateOrderRequest> = z.strictObject({
  merchant: merchantId.optional(),
  out_trade_no: outTradeNo.optional(),
  reference: text(64).optional(),
  description: text(127),
  amount: z.strictObject({ total: totalFen, currency: z.literal('CNY').optional() }),
  payer: z.strictObject({ openid, appid: text(32).optional() }).optional(),
  attach: text(128)
    .refine((value) => new TextEncoder().encode(value).length <= 128, { error: 'at most 128 bytes in UTF-8' })
    .optional(),
  time_expire: z.iso.datetime({ offset: true }).optional(),
  metadata: z
    .record(text(40), z.string().max(500))
    .refine((entries) => Object.keys(entries).length <= 20, { error: 'at most 20 entries' })
    .optional(),
  pay: z.boolean().optional(),
})

export interface ListQuery {
  merchant?: string | undefined
  limit: number
  after?: string | undefined
  state?: 'created' | 'ordering' | 'pending' | 'closing' | 'failed' | 'closed' | 'review' | 'paid' | undefined
}

export type EventsQuery = Omit<ListQuery, 'state'>

export const LIST_LIMIT_MAX = 100

const page = {
  merchant: merchantId.optional(),
  limit: z.coerce.number().int().min(1).max(LIST_LIMIT_MAX).default(20),
  after: z.string().min(1).max(128).optional(),
}

/** Events have no state, so a `state` parameter is refused. */
export const eventsQuery: z.ZodType<EventsQuery, unknown> = z.strictObject(page)

export const listQuery: z.ZodType<ListQuery, unknown> = z.strictObject({
  ...page,
  state: z.enum(['created', 'ordering', 'pending', 'closing', 'failed', 'closed', 'review', 'paid']).optional(),
})

export interface OneOrderQuery {
  merchant?: string | undefined
  /** `1` asks WeChat before answering. */
  refresh?: '1' | undefined
}

export const oneOrderQuery: z.ZodType<OneOrderQuery> = z.strictObject({
  merchant: merchantId.optional(),
  refresh: z.literal('1').optional(),
})

export interface CreateRefundRequest {
  /** Your number: up to 64 of `0-9 A-Z a-z _ - | * @`. Keep it in a retry: a new number would pay twice. */
  out_refund_no: string
  /** Integer fen. All refunds of an order together may not exceed its total. */
  amount: { refund: number; currency?: 'CNY' | undefined }
  /** Shown to the user; up to 80 bytes. */
  reason?: string | undefined
}

export const createRefundRequest: z.ZodType<CreateRefundRequest> = z.strictObject({
  out_refund_no: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[0-9A-Za-z_\-|*@]+$/, { error: '1–64 of 0-9 A-Z a-z _ - | * @' }),
  amount: z.strictObject({ refund: totalFen, currency: z.literal('CNY').optional() }),
  reason: text(80)
    .refine((value) => new TextEncoder().encode(value).length <= 80, { error: 'at most 80 bytes in UTF-8' })
    .optional(),
})

export interface OfMerchantQuery {
  /** Not needed if the key acts for one merchant. */
  merchant?: string | undefined
}

export const ofMerchantQuery: z.ZodType<OfMerchantQuery> = z.strictObject({ merchant: merchantId.optional() })

export interface ReplayEventsRequest {
  /** RFC 3339: events of that time and later. */
  from: string
  /** Events before that time. Default: no end. */
  to?: string | undefined
  /** Only events whose delivery was given up. */
  exhausted?: boolean | undefined
  /** The `next` of the previous call. */
  after?: string | undefined
}

export const replayEventsRequest: z.ZodType<ReplayEventsRequest> = z.strictObject({
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }).optional(),
  exhausted: z.boolean().optional(),
  after: z.string().min(1).max(128).optional(),
})

export interface CreateWebhookEndpointRequest {
  /** Public https address on port 443, without user or password. */
  url: string
}

export const createWebhookEndpointRequest: z.ZodType<CreateWebhookEndpointRequest> = z.strictObject({ url: z.string().min(1).max(2048) })
