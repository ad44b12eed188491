// Webhook endpoints, and the deliveries of events to them.

import type { DeliveryOutcome } from '@cashdesk/domain'
import type { EventRow } from './events.ts'

export interface WebhookEndpoint {
  id: string
  merchant: string
  url: string
  /** `whsec_…` */
  secret: string
  /** The previous secret. It also signs until `secret_before_until`, so that the merchant can switch without losing events. */
  secret_before: string | null
  secret_before_until: number | null
  disabled_at: number | null
  created_at: number
}

export interface ClaimedDelivery {
  endpoint: WebhookEndpoint
  event: EventRow
  /** Includes this attempt. Also distinguishes a stale claim from the newest. */
  attempts: number
}

export interface SettledDelivery {
  event_id: string
  endpoint_id: string
  attempts: number
  outcome: DeliveryOutcome
  status: number | null
  error: string | null
  now: number
}

export interface DeliveryRow {
  event_id: string
  endpoint_id: string
  merchant: string
  state: 'pending' | 'succeeded' | 'exhausted'
  attempts: number
  next_attempt_at: number | null
  last_status: number | null
  last_error: string | null
  updated_at: number
}

export interface Replayed {
  from: number
  /** Not included. */
  to: number
  /** Only events with a delivery that was given up. */
  exhausted: boolean
  /** Only events after the one with this id. */
  after: string
  limit: number
}

export interface Webhooks {
  insertEndpoint(endpoint: WebhookEndpoint): Promise<void>
  /** Seals secrets that were stored in plain text by an earlier version or without a data key. */
  sealSecrets(): Promise<void>
  endpoints(merchant: string): Promise<WebhookEndpoint[]>
  /** Replaces the secret; the old one also signs until `before_until`. False when there is no such endpoint. */
  rotateSecret(merchant: string, id: string, secret: string, before_until: number): Promise<boolean>
  disable(merchant: string, id: string, now: number): Promise<boolean>
  /** Ids of the endpoints that have deliveries due. */
  waiting(now: number): Promise<string[]>
  /** Claims at most `limit` deliveries of one endpoint that are due. The claim is a lease: a delivery that is not settled before it ends is claimed again. */
  claim(endpoint_id: string, limit: number, now: number): Promise<ClaimedDelivery[]>
  /** Writes the result of a delivery. False when another process has claimed it meanwhile; then nothing is written. */
  settle(delivery: SettledDelivery): Promise<boolean>
  deliveries(merchant: string, event_id: string): Promise<DeliveryRow[]>
  /** Stages an event for every endpoint again, under its own id. False when there is no such event. */
  replay(merchant: string, event_id: string, now: number): Promise<boolean>
  /** Like `replay` for many events, oldest first, at most `limit`. Returns their ids. */
  replayMany(merchant: string, which: Replayed, now: number): Promise<string[]>
}
