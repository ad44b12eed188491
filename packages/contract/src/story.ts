// One order's whole story: how it moved and why, what WeChat notified and refused, what was told to the merchant and how that went, what a person must look at.

import { z } from 'zod'
import { type OrderAnswer, orderAnswer, type RefundAnswer, refundAnswer, type WechatSaid, wechatSaid } from './answers.ts'

interface Entry {
  at: string
  /** Null for what is about the order itself. */
  out_refund_no: string | null
}

/** Order or refund went from one state to another. */
export interface StateEntry extends Entry {
  what: 'state'
  from: string
  to: string
  version: number
  /** Who said so: `api`, `notification`, `query`, `close`, `schedule`. */
  source: string
  /** An API key, a notification's id, or WeChat's Request-ID. */
  source_ref: string | null
  /** Fields that could not be taken as WeChat told them. */
  notes: Readonly<Record<string, string>>
  /** Why WeChat refused, where that is what happened. */
  wechat: WechatSaid | null
}

/** WeChat said no to a call. */
export interface RefusalEntry extends Entry {
  what: 'refusal'
  /** Which call. */
  op: 'place' | 'query' | 'close' | 'refund' | 'query_refund'
  /** Of HTTP. */
  status: number
  wechat: WechatSaid
  /** Whether the answer's signature was verified. */
  signed: boolean
  /** How often it was said; `at` is the first time. */
  times: number
  last_at: string
  /** What the buyer was told to quote. */
  support_id: string | null
}

export interface NotificationEntry extends Entry {
  what: 'notification'
  id: string
  event_type: string
  outcome: 'observed' | 'not ours' | 'ignored'
}

/** Something became true, and goes to the merchant's webhooks. */
export interface EventEntry extends Entry {
  what: 'event'
  id: string
  type: string
}

/** How the delivery of an event to one endpoint stands. */
export interface DeliveryEntry extends Entry {
  what: 'delivery'
  event_id: string
  endpoint_id: string
  state: 'pending' | 'succeeded' | 'exhausted'
  attempts: number
  last_status: number | null
  last_error: string | null
}

export interface IncidentEntry extends Entry {
  what: 'incident'
  kind: string
  state: 'open' | 'resolved'
  detail: Readonly<Record<string, string>>
}

export type StoryEntry = StateEntry | RefusalEntry | NotificationEntry | EventEntry | DeliveryEntry | IncidentEntry

const time = z.iso.datetime()
const entry = { at: time, out_refund_no: z.string().nullable() }
export const storyEntry: z.ZodType<StoryEntry> = z.discriminatedUnion('what', [
  z.object({
    ...entry,
    what: z.literal('state'),
    from: z.string(),
    to: z.string(),
    version: z.int(),
    source: z.string(),
    source_ref: z.string().nullable(),
    notes: z.record(z.string(), z.string()),
    wechat: wechatSaid.nullable(),
  }),
  z.object({
    ...entry,
    what: z.literal('refusal'),
    op: z.enum(['place', 'query', 'close', 'refund', 'query_refund']),
    status: z.int(),
    wechat: wechatSaid,
    signed: z.boolean(),
    times: z.int(),
    last_at: time,
    support_id: z.string().nullable(),
  }),
  z.object({
    ...entry,
    what: z.literal('notification'),
    id: z.string(),
    event_type: z.string(),
    outcome: z.enum(['observed', 'not ours', 'ignored']),
  }),
  z.object({ ...entry, what: z.literal('event'), id: z.string(), type: z.string() }),
  z.object({
    ...entry,
    what: z.literal('delivery'),
    event_id: z.string(),
    endpoint_id: z.string(),
    state: z.enum(['pending', 'succeeded', 'exhausted']),
    attempts: z.int(),
    last_status: z.int().nullable(),
    last_error: z.string().nullable(),
  }),
  z.object({
    ...entry,
    what: z.literal('incident'),
    kind: z.string(),
    state: z.enum(['open', 'resolved']),
    detail: z.record(z.string(), z.string()),
  }),
])

export interface OrderStoryAnswer {
  order: OrderAnswer
  /** Oldest first, as are the entries. */
  refunds: RefundAnswer[]
  entries: StoryEntry[]
  /** When the server looks at the order again by itself; null when nothing can follow. */
  next_check_at: string | null
}
export const orderStoryAnswer: z.ZodType<OrderStoryAnswer> = z.object({
  order: orderAnswer,
  refunds: z.array(refundAnswer),
  entries: z.array(storyEntry),
  next_check_at: time.nullable(),
})
