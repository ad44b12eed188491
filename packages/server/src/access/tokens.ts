// API keys and session tokens that can be recognised without the database: each ends with a MAC
// of its beginning, under a key of this database. Refusing an invented token costs one HMAC.

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Random } from '@cashdesk/sdk'

/** 192 random bits and 64 bits of the MAC: 43 characters, the same length as the 256 random bits of earlier versions. */
const RANDOM_BYTES = 24
const MAC_BYTES = 8

/** `head` names the kind of token; the MAC covers it. */
export function mintToken(secret: string, head: string, random: Random): string {
  const bytes = random(RANDOM_BYTES)
  return `${head}${Buffer.concat([bytes, macOf(secret, head, bytes)]).toString('base64url')}`
}

/** Whether this database issued the token. False also for tokens of earlier versions, which contain no MAC. */
export function isMinted(secret: string, token: string): boolean {
  const [, head, tail] = /^(.*_)([A-Za-z0-9_-]{43})$/.exec(token) ?? []
  if (head === undefined || tail === undefined) return false
  const bytes = Buffer.from(tail, 'base64url')
  return timingSafeEqual(macOf(secret, head, bytes.subarray(0, RANDOM_BYTES)), bytes.subarray(RANDOM_BYTES))
}

function macOf(secret: string, head: string, bytes: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(`token\n${head}\n`).update(bytes).digest().subarray(0, MAC_BYTES)
}
