// The windows through which time, randomness and the network enter.

import { randomBytes } from 'node:crypto'

/** Everything that speaks HTTP is this function. */
export type Fetch = (request: Request) => Promise<Response>

export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Calls `wake` once after `delay_ms`; the returned function cancels it. */
  timer(delay_ms: number, wake: () => void): () => void
}

/** That many unpredictable bytes. */
export type Random = (bytes: number) => Uint8Array

export const systemClock: Clock = {
  now: () => Date.now(),
  timer(delay_ms, wake) {
    const handle = setTimeout(wake, delay_ms)
    return () => clearTimeout(handle)
  },
}

/** Asked of the system so many at a time: a nonce costs less than asking for it. */
const POOL_BYTES = 4096
let pool: Uint8Array = new Uint8Array()

/** Each byte is handed out once. */
export const systemRandom: Random = (bytes) => {
  if (bytes > POOL_BYTES) return randomBytes(bytes)
  if (pool.byteLength < bytes) pool = randomBytes(POOL_BYTES)
  const taken = pool.subarray(0, bytes)
  pool = pool.subarray(bytes)
  return taken
}

/** 32 characters, as WeChat's own SDKs send. */
export function nonce(random: Random): string {
  return Buffer.from(random(16)).toString('hex').toUpperCase()
}
