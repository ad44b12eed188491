// One notification with its deliveries, and the time of the next one (v3-notifications §1 and §3).

import type { SignType } from '@cashdesk/protocol/v2'
import type { V2Fields } from '../v2/fields.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** Milliseconds to wait before the 1st … 15th retry: 24 h 4 min in all. */
export const RETRY_SCHEDULE_MS: readonly number[] = [
  ...[15, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[3, 10, 20, 30, 30, 30, 60].map((minutes) => minutes * MINUTE_MS),
  ...[3, 3, 3, 6, 6].map((hours) => hours * HOUR_MS),
]

export interface Delivery {
  /** RFC 3339. */
  time: string
  /** The HTTP status that the merchant answered; absent when there was no answer. */
  status?: number
  /**
   * Why there was no answer: `timeout`, `network`, `lost`, or `postponed` when it was not sent yet.
   * With a status, `reply`: v2 requires 200 and return_code SUCCESS.
   */
  error?: string
  /** The fault that struck. */
  fault?: string
}

/** A notification as v2's XML: the parties, and how it is signed. A refund is not signed (v2-protocol §10, §11). */
export type V2Notice = { kind: 'payment'; parties: V2Fields; sign_type: SignType } | { kind: 'refund'; parties: V2Fields }

export interface Notification {
  id: string
  /** The number that signed the order. Its APIv3 key encrypts the notification. Absent for pushes. */
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
  /** The content that is encrypted; for a v2 payment, the content that is signed. */
  resource: unknown
  v2?: V2Notice
  /** The mini program of a message push (miniprogram-server-api §10), which is not a notification of WeChat Pay. */
  push?: { appid: string }
  state: 'waiting' | 'delivered' | 'exhausted'
  /** Epoch ms of the next delivery while `waiting`. */
  next_at?: number
  deliveries: Delivery[]
}

/** Whether the merchant took it. Over v3 only the status decides, whatever the body says (v3-notifications §3). A probe or a forgery never counts as taken. */
export function succeeded(delivery: Delivery): boolean {
  const { status, error, fault } = delivery
  if (error !== undefined) return false
  return status !== undefined && status >= 200 && status <= 299 && fault !== 'notification.probe' && fault !== 'notification.forged'
}

/** Records the deliveries of one attempt. The notification is then delivered, due again after `wait_ms`, or exhausted when there is no `wait_ms`. */
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
