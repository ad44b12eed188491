// The source of randomness: random bytes, and the identifiers that WeChat makes of them.

import { randomBytes } from 'node:crypto'

/** Gives that many random bytes. With a seeded source, everything that the emulator does can be repeated. */
export type Random = (bytes: number) => Uint8Array

export const systemRandom: Random = (bytes) => randomBytes(bytes)

/** Lower-case hex of `bytes` random bytes. */
export function randomHex(random: Random, bytes: number): string {
  return Buffer.from(random(bytes)).toString('hex')
}

/** `count` random decimal digits. */
export function randomDigits(random: Random, count: number): string {
  return Array.from(random(count), (byte) => byte % 10).join('')
}

/** 32 characters, like WeChat's nonces. */
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
