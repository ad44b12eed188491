// One order's history: changes of state and their source, WeChat's notifications and refusals, events to the merchant and their delivery, and incidents.

import { z } from 'zod'
import { type OrderAnswer, orderAnswer, type RefundAnswer, refundAnswer, type WechatSaid, wechatSaid } from './answers.ts'

interface Entry {
  at: string
  /** Null if the entry is about the order itself. */
  out_refund_no: string | null
}

/** The order or refund changed its state. */
export interface StateEntry extends Entry {
  what: 'state'
  from: string
  to: string
  version: number
  /** What caused it: `api`, `notification`, `query`, `close`, `schedule`. */
  source: string
  /** An API key, a notification's id, or WeChat's Request-ID. */
  source_ref: string | null
  /** Fields that could not be taken as WeChat sent them. */
  notes: Readonly<Record<string, string>>
  /** WeChat's reason, if it refused. */
  wechat: WechatSaid | null
}

/** WeChat refused a call. */
export interface RefusalEntry extends Entry {
  what: 'refusal'
  /** The kind of call. */
  op: 'place' | 'query' | 'close' | 'refund' | 'query_refund'
  /** HTTP status. */
  status: number
  wechat: WechatSaid
  /** Whether the answer's signature was verified. */
  signed: boolean
  /** How often WeChat refused; `at` is the first time. */
  times: number
  last_at: string
  /** The support id that the buyer was told to quote. */
  support_id: string | null
}

export interface NotificationEntry extends Entry {
  what: 'notification'
  id: string
  event_type: string
  outcome: 'observed' | 'not ours' | 'ignored'
}

/** An event that is sent to the merchant's webhook endpoints. */
export interface EventEntry extends Entry {
  what: 'event'
  id: string
  type: string
}

/** The state of an event's delivery to one endpoint. */
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
  /** Oldest first, like the entries. */
  refunds: RefundAnswer[]
  entries: StoryEntry[]
  /** When the server checks the order again by itself. Null if nothing can follow. */
  next_check_at: string | null
}
export const orderStoryAnswer: z.ZodType<OrderStoryAnswer> = z.object({
  order: orderAnswer,
  refunds: z.array(refundAnswer),
  entries: z.array(storyEntry),
  next_check_at: time.nullable(),
})
