// When an undelivered event is sent again (the schedule that the Standard Webhooks specification suggests), and what the receiver's answer means.

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Pauses before the 2nd … 10th attempt: 75 h 35 min 5 s in all. */
export const DELIVERY_PAUSES_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
]

/** The longest pause before the next attempt. A longer Retry-After of the receiver is cut to it. */
export const DELIVERY_PAUSE_MAX_MS: number = 24 * HOUR

export type DeliveryState = 'pending' | 'succeeded' | 'exhausted'

export interface DeliveryAnswer {
  /** HTTP status. Absent when no answer came. */
  status?: number | undefined
  /** Seconds to wait, when the receiver sent Retry-After. */
  retry_after_s?: number | undefined
}

export type DeliveryOutcome =
  | { state: 'succeeded' | 'exhausted'; next_attempt_at: null; disable: boolean }
  | { state: 'pending'; next_attempt_at: number; disable: false }

/** `attempts` includes the attempt just made. 2xx means delivered, 410 means "do not send again"; every other answer, or none, is retried. */
export function afterDelivery(attempts: number, answer: DeliveryAnswer, now: number): DeliveryOutcome {
  const { status = 0, retry_after_s = 0 } = answer
  if (status >= 200 && status <= 299) return { state: 'succeeded', next_attempt_at: null, disable: false }
  if (status === 410) return { state: 'exhausted', next_attempt_at: null, disable: true }
  const pause = DELIVERY_PAUSES_MS[attempts - 1]
  if (pause === undefined) return { state: 'exhausted', next_attempt_at: null, disable: false }
  return {
    state: 'pending',
    next_attempt_at: now + Math.max(pause, Math.min(retry_after_s * SECOND, DELIVERY_PAUSE_MAX_MS)),
    disable: false,
  }
}
