// When an open order is checked next (reliability §3.1): often while the user may be paying, then rarely, and at its expiry.

const SECOND = 1000
const MINUTE = 60 * SECOND

/** Pauses after the order was placed. The last one repeats. */
const PAUSES = [15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE] as const

/** The longest pause between two checks of an open order. */
export const ORDER_PAUSE_MAX_MS: number = 30 * MINUTE

/** The first scheduled moment after `now`, for something placed at `placed_at` that expires at `expires_at`. All epoch milliseconds. */
export function nextCheck(placed_at: number, expires_at: number, now: number): number {
  // `placed_at` lies in the future if the clock was ahead when the order was placed. Then the pauses count from `now`.
  let at = Math.min(placed_at, now)
  for (let i = 0; at <= now; i++) {
    const pause = PAUSES[Math.min(i, PAUSES.length - 1)] ?? ORDER_PAUSE_MAX_MS
    // After a long downtime: jump to the present instead of adding up pauses.
    at = i >= PAUSES.length ? now + pause : at + pause
  }
  return now < expires_at && at > expires_at ? expires_at : at
}
