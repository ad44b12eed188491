// The ±5 minute window of every v3 signature (v3-protocol §2 and §4).

import { SignatureError } from '../errors.ts'

/** How far a signature's time may be from ours, in either direction. */
export const SIGNATURE_WINDOW_SECONDS = 300

/** @throws SignatureError ERR_TIMESTAMP_INVALID or ERR_TIMESTAMP_WINDOW. `now` is epoch milliseconds, `timestamp` Unix seconds as text. */
export function assertFresh(timestamp: string, now: number, window_seconds: number = SIGNATURE_WINDOW_SECONDS): void {
  // Digits only: Number() would also accept '', ' 1', '1e9' and '-1'.
  if (!/^[0-9]{1,12}$/.test(timestamp)) throw new SignatureError('ERR_TIMESTAMP_INVALID', { timestamp: timestamp.slice(0, 40) })
  const ours = Math.floor(now / 1000)
  const difference = Number(timestamp) - ours
  if (Math.abs(difference) > window_seconds) {
    throw new SignatureError('ERR_TIMESTAMP_WINDOW', { timestamp, our_time: ours, difference_seconds: difference })
  }
}
