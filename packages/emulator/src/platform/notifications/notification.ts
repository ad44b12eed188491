// One notification and its deliveries, and when the next one is due (v3-notifications §1 and §3).

import type { SignType } from '@cashdesk/protocol/v2'
import type { V2Fields } from '../v2/fields.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** Waits before the 1st … 15th retry: 24 h 4 min in all. */
export const RETRY_SCHEDULE_MS: readonly number[] = [
  ...[15, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[3, 10, 20, 30, 30, 30, 60].map((minutes) => minutes * MINUTE_MS),
  ...[3, 3, 3, 6, 6].map((hours) => hours * HOUR_MS),
]

export interface Delivery {
  /** RFC 3339. */
  time: string
  /** What the merchant answered; absent when nothing was heard. */
  status?: number
  /** Why nothing was heard: `timeout`, `network`, `lost`, or `postponed` when it was not sent yet; or, with a status, `reply`: v2 wants 200 and return_code SUCCESS. */
  error?: string
  /** The fault that struck. */
  fault?: string
}

/** Sent as v2's XML: whose it is, and how it is signed. A refund is not signed (v2-protocol §10, §11). */
export type V2Notice = { kind: 'payment'; parties: V2Fields; sign_type: SignType } | { kind: 'refund'; parties: V2Fields }

export interface Notification {
  id: string
  /** The number that signed the order; its APIv3 key seals. Absent from pushes. */
  mchid?: string
  out_trade_no?: string
  out_refund_no?: string
  out_order_no?: string
  out_bill_no?: string
  notify_url: string
  create_time: string
  event_type: string
  original_type: string
  summary: string
  /** What is sealed; of a v2 payment, what is signed. */
  resource: unknown
  v2?: V2Notice
  /** A message push of this mini program (miniprogram-server-api §10), not a notification of WeChat Pay. */
  push?: { appid: string }
  state: 'waiting' | 'delivered' | 'exhausted'
  /** Epoch ms of the next delivery while `waiting`. */
  next_at?: number
  deliveries: Delivery[]
}

/** Over v3 the status alone decides; the body says nothing (v3-notifications §3). A probe or a forgery is never a delivery. */
export function succeeded(delivery: Delivery): boolean {
  const { status, error, fault } = delivery
  if (error !== undefined) return false
  return status !== undefined && status >= 200 && status <= 299 && fault !== 'notification.probe' && fault !== 'notification.forged'
}

/** Moves on after `deliveries` of one attempt: delivered, due again after this wait, or exhausted without one. */
export function afterAttempt(notification: Notification, deliveries: readonly Delivery[], now: number, wait_ms: number | undefined): void {
  delete notification.next_at
  notification.deliveries.push(...deliveries)
  if (deliveries.some(succeeded)) {
    notification.state = 'delivered'
    return
  }
  if (wait_ms === undefined) notification.state = 'exhausted'
  else notification.next_at = now + wait_ms
}
