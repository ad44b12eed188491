// The interfaces through which time, randomness and the network enter.

import { randomBytes } from 'node:crypto'

/** The methods of WeChat Pay v3. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** The type of everything that speaks HTTP. */
export type Fetch = (request: Request) => Promise<Response>

export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Calls `wake` once after `delay_ms`; the returned function cancels it. */
  timer(delay_ms: number, wake: () => void): () => void
}

/** Returns that many unpredictable bytes. */
export type Random = (bytes: number) => Uint8Array

export const systemClock: Clock = {
  now: () => Date.now(),
  timer(delay_ms, wake) {
    const handle = setTimeout(wake, delay_ms)
    return () => clearTimeout(handle)
  },
}

/** Random bytes are taken from the system in blocks, because a call to the system costs more than a nonce. */
const POOL_BYTES = 4096
let pool: Uint8Array = new Uint8Array()

/** Each byte is returned only once. */
export const systemRandom: Random = (bytes) => {
  if (bytes > POOL_BYTES) return randomBytes(bytes)
  if (pool.byteLength < bytes) pool = randomBytes(POOL_BYTES)
  const taken = pool.subarray(0, bytes)
  pool = pool.subarray(bytes)
  return taken
}

/** 32 characters, the length that WeChat's own SDKs use. */
export function nonce(random: Random): string {
  return Buffer.from(random(16)).toString('hex').toUpperCase()
}
