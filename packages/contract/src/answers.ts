// The answers of our API. Names are WeChat's wherever the value is WeChat's; times are RFC 3339, amounts integer fen.

import { z } from 'zod'
import { type IncidentAnswer, incidentAnswer } from './incidents.ts'
import { PROBLEM_CODES, type ProblemCode } from './problems.ts'

export interface Page<T> {
  data: T[]
  /** Pass it as `after` to get the next page. Null on the last page. */
  next: string | null
}

export function page<T>(item: z.ZodType<T>): z.ZodType<Page<T>> {
  return z.object({ data: z.array(item), next: z.string().nullable() })
}

export const ORDER_STATES = ['created', 'ordering', 'pending', 'closing', 'failed', 'closed', 'review', 'paid'] as const
export const REFUND_STATES_ALL = ['requested', 'processing', 'abnormal', 'rejected', 'closed', 'succeeded'] as const

export interface OrderAnswer {
  merchant: string
  out_trade_no: string
  reference: string | null
  description: string
  /** Fen: ordered; paid by the user, less coupons; accepted by operators if it differs from `total`; held by refunds; refunded. */
  amount: {
    total: number
    currency: 'CNY'
    payer_total: number | null
    paid_total: number | null
    refund_reserved: number
    refunded: number
  }
  attach: string | null
  metadata: Readonly<Record<string, string>> | null
  state: (typeof ORDER_STATES)[number]
  /** Counts the changes. Of two answers the one with the higher version is newer. */
  version: number
  mchid: string
  sub_mchid: string | null
  appid: string | null
  payer: { openid: string } | null
  transaction_id: string | null
  paid_at: string | null
  /** The money came after the order had been given up. */
  late: boolean
  /** WeChat's code, if it refused the order for good. */
  failure: string | null
  time_expire: string
  created_at: string
  updated_at: string
}

const time = z.iso.datetime()
const orderFields = {
  merchant: z.string(),
  out_trade_no: z.string(),
  reference: z.string().nullable(),
  description: z.string(),
  amount: z.object({
    total: z.int(),
    currency: z.literal('CNY'),
    payer_total: z.int().nullable(),
    paid_total: z.int().nullable(),
    refund_reserved: z.int(),
    refunded: z.int(),
  }),
  attach: z.string().nullable(),
  metadata: z.record(z.string(), z.string()).nullable(),
  state: z.enum(ORDER_STATES),
  version: z.int(),
  mchid: z.string(),
  sub_mchid: z.string().nullable(),
  appid: z.string().nullable(),
  payer: z.object({ openid: z.string() }).nullable(),
  transaction_id: z.string().nullable(),
  paid_at: time.nullable(),
  late: z.boolean(),
  failure: z.string().nullable(),
  time_expire: time,
  created_at: time,
  updated_at: time,
}
export const orderAnswer: z.ZodType<OrderAnswer> = z.object(orderFields)

/** The parameters of `wx.requestPayment`, spelled as the mini program spells them. */
export interface PaymentFields {
  timeStamp: string
  nonceStr: string
  package: string
  signType: 'RSA'
  paySign: string
}
export const paymentFields: z.ZodType<PaymentFields> = z.object({
  timeStamp: z.string(),
  nonceStr: z.string(),
  package: z.string(),
  signType: z.literal('RSA'),
  paySign: z.string(),
})

export interface ReplayedAnswer {
  /** Number of events that will be sent again. */
  replayed: number
  /** If not null, there are more events: repeat the call with this as `after`. */
  next: string | null
}
export const replayedAnswer: z.ZodType<ReplayedAnswer> = z.object({ replayed: z.int(), next: z.string().nullable() })

export interface CreatedOrderAnswer extends OrderAnswer {
  /** Give it to the phone with the number. It opens only this order. */
  client_secret: string
  /** If the request said `pay`: pass it to wx.requestPayment unchanged. */
  payment?: PaymentFields | undefined
}
export const createdOrderAnswer: z.ZodType<CreatedOrderAnswer> = z.object({
  ...orderFields,
  client_secret: z.string(),
  payment: paymentFields.optional(),
})

export interface RefundAnswer {
  merchant: string
  out_refund_no: string
  out_trade_no: string
  amount: { refund: number; currency: 'CNY' }
  reason: string | null
  /** `console`: made on WeChat's merchant platform, not through this API. */
  source: 'api' | 'console'
  state: (typeof REFUND_STATES_ALL)[number]
  version: number
  refund_id: string | null
  succeeded_at: string | null
  received_account: string | null
  failure: string | null
  created_at: string
  updated_at: string
}
export const refundAnswer: z.ZodType<RefundAnswer> = z.object({
  merchant: z.string(),
  out_refund_no: z.string(),
  out_trade_no: z.string(),
  amount: z.object({ refund: z.int(), currency: z.literal('CNY') }),
  reason: z.string().nullable(),
  source: z.enum(['api', 'console']),
  state: z.enum(REFUND_STATES_ALL),
  version: z.int(),
  refund_id: z.string().nullable(),
  succeeded_at: time.nullable(),
  received_account: z.string().nullable(),
  failure: z.string().nullable(),
  created_at: time,
  updated_at: time,
})

export const EVENT_TYPES = [
  'order.paid',
  'order.closed',
  'order.failed',
  'refund.succeeded',
  'refund.closed',
  'refund.rejected',
  'incident.opened',
  'incident.resolved',
] as const

export interface EventAnswer {
  /** Also the `webhook-id` of its deliveries. */
  id: string
  type: (typeof EVENT_TYPES)[number]
  version: number
  created_at: string
  /** The order, refund or incident as it was at the event. */
  data: OrderAnswer | RefundAnswer | IncidentAnswer
}
export const eventAnswer: z.ZodType<EventAnswer> = z.object({
  id: z.string(),
  type: z.enum(EVENT_TYPES),
  version: z.int(),
  created_at: time,
  data: z.union([orderAnswer, refundAnswer, incidentAnswer]),
})

export interface WebhookEndpointAnswer {
  id: string
  merchant: string
  url: string
  enabled: boolean
  created_at: string
}
const endpointFields = { id: z.string(), merchant: z.string(), url: z.string(), enabled: z.boolean(), created_at: time }
export const webhookEndpointAnswer: z.ZodType<WebhookEndpointAnswer> = z.object(endpointFields)

export interface CreatedWebhookEndpointAnswer extends WebhookEndpointAnswer {
  /** Returned on creation and on rotation only. */
  secret: string
}
export const createdWebhookEndpointAnswer: z.ZodType<CreatedWebhookEndpointAnswer> = z.object({ ...endpointFields, secret: z.string() })

export interface RotatedSecretAnswer {
  id: string
  secret: string
  /** Until then events are also signed with the old secret. */
  secret_before_until: string
}
export const rotatedSecretAnswer: z.ZodType<RotatedSecretAnswer> = z.object({
  id: z.string(),
  secret: z.string(),
  secret_before_until: time,
})

export interface DeliveryAnswer {
  event_id: string
  endpoint_id: string
  merchant: string
  state: 'pending' | 'succeeded' | 'exhausted'
  attempts: number
  /** Null if there will be no further attempt. */
  next_attempt_at: string | null
  last_status: number | null
  last_error: string | null
  updated_at: string
}
export const deliveryAnswer: z.ZodType<DeliveryAnswer> = z.object({
  event_id: z.string(),
  endpoint_id: z.string(),
  merchant: z.string(),
  state: z.enum(['pending', 'succeeded', 'exhausted']),
  attempts: z.int(),
  next_attempt_at: time.nullable(),
  last_status: z.int().nullable(),
  last_error: z.string().nullable(),
  updated_at: time,
})

export interface SessionAnswer {
  token: string
  expires_at: string
}
export const sessionAnswer: z.ZodType<SessionAnswer> = z.object({ token: z.string(), expires_at: time })

export interface ClientOrderAnswer {
  out_trade_no: string
  description: string
  amount: { total: number; currency: 'CNY' }
  state: OrderAnswer['state']
  paid_at: string | null
}
export const clientOrderAnswer: z.ZodType<ClientOrderAnswer> = z.object({
  out_trade_no: z.string(),
  description: z.string(),
  amount: z.object({ total: z.int(), currency: z.literal('CNY') }),
  state: z.enum(ORDER_STATES),
  paid_at: time.nullable(),
})

/** WeChat's refusal. For people and for WeChat's support; values that identify the payer are removed. */
export interface WechatSaid {
  /** `PARAM_ERROR` */
  code: string
  message: string
  /** The field at fault, if WeChat named one: `/amount/total`. */
  field: string | null
  /** WeChat's number of the exchange. Their support asks for it. */
  request_id: string | null
}
export const wechatSaid: z.ZodType<WechatSaid> = z.object({
  code: z.string(),
  message: z.string(),
  field: z.string().nullable(),
  request_id: z.string().nullable(),
})

/** RFC 9457. Branch on `code`, never on the text. */
export interface ProblemAnswer {
  type: string
  title: string
  status: number
  code: ProblemCode
  /** English or Chinese, by `Accept-Language`. */
  detail: string
  errors?: readonly { field: string; message: string }[] | undefined
  /** The scope that the API key lacks. */
  scope?: string | undefined
  wechat_code?: string | undefined
  /** Only in answers to the merchant's backend, never to a phone. */
  wechat?: WechatSaid | undefined
  /** Only in answers to a phone: one sentence for the buyer, to be shown unchanged. It ends with `support_id`. */
  buyer?: { zh: string; en: string } | undefined
  /** Only in answers to a phone: eight letters that a buyer can read out. They are in the log and, for a refused payment, in `cashdesk orders show`. */
  support_id?: string | undefined
}
export const problemAnswer: z.ZodType<ProblemAnswer> = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(PROBLEM_CODES),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  scope: z.string().optional(),
  wechat_code: z.string().optional(),
  wechat: wechatSaid.optional(),
  buyer: z.object({ zh: z.string(), en: z.string() }).optional(),
  support_id: z.string().optional(),
})
