// Randomness enters through this window: bytes in, and from them the identifiers that WeChat hands out.

import { randomBytes } from 'node:crypto'

/** That many unpredictable bytes. A seeded one makes a whole world repeatable. */
export type Random = (bytes: number) => Uint8Array

export const systemRandom: Random = (bytes) => randomBytes(bytes)

/** Lower-case hex of `bytes` random bytes. */
export function randomHex(random: Random, bytes: number): string {
  return Buffer.from(random(bytes)).toString('hex')
}

/** That many decimal digits. */
export function randomDigits(random: Random, count: number): string {
  return Array.from(random(count), (byte) => byte % 10).join('')
}

/** 32 characters, as WeChat's nonces are. */
export function nonce(random: Random): string {
  return randomHex(random, 16).toUpperCase()
}

/** A version 4 UUID, the 36 characters of a notification id. */
export function uuid(random: Random): string {
  const bytes = Buffer.from(random(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
