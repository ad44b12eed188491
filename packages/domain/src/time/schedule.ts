// When an open order is looked at next (reliability §3.1): often while the user may be paying, then rarely, and at its expiry.

const SECOND = 1000
const MINUTE = 60 * SECOND

/** Pauses after the order was placed; after the last one the pause repeats. */
const PAUSES = [15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE] as const

/** No open order waits longer for its next look. */
export const ORDER_PAUSE_MAX_MS: number = 30 * MINUTE

/** The first scheduled moment after `now`, for something placed at `placed_at` that expires at `expires_at`. All epoch milliseconds. */
export function nextCheck(placed_at: number, expires_at: number, now: number): number {
  // Placed by a clock that was ahead: from now on it counts by the right one.
  let at = Math.min(placed_at, now)
  for (let i = 0; at <= now; i++) {
    const pause = PAUSES[Math.min(i, PAUSES.length - 1)] ?? ORDER_PAUSE_MAX_MS
    // Far behind after a downtime: step straight to the present instead of counting pauses.
    at = i >= PAUSES.length ? now + pause : at + pause
  }
  return now < expires_at && at > expires_at ? expires_at : at
}
