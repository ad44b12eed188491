// Finds out how a body was changed on its way here: if the signature matches a candidate for the original, that was the change. The message stays refused.

import type { KeyObject } from 'node:crypto'
import { answerMessage } from './message.ts'
import { verify } from './sign.ts'

/**
 * `reserialized`: parsed and serialised again. `empty`: something read the body first. The others name how it was re-encoded: as base64 (cloud functions),
 * as a JSON string, through latin1, with a byte order mark added or removed, with other line ends.
 */
export type BodyAlteration = 'reserialized' | 'empty' | 'base64' | 'json_string' | 'latin1' | 'byte_order_mark' | 'line_ends'

/** Each candidate costs a verification and a pass over the body. A larger body is not diagnosed. */
export const DIAGNOSED_BYTES_MAX: number = 64 * 1024

interface Signed {
  timestamp: string
  nonce: string
  signature: string
}

/**
 * Why the signature does not match. Call it only after verification failed, and not for every message of a stranger: a body of 64 KB takes tens of
 * milliseconds, a verification takes a tenth of one. Undefined if nothing explains it.
 */
export function diagnoseBody({ timestamp, nonce, signature }: Signed, body: Uint8Array, publicKey: KeyObject): BodyAlteration | undefined {
  if (body.byteLength > DIAGNOSED_BYTES_MAX) return undefined
  if (body.byteLength === 0) return 'empty'
  for (const [alteration, original] of originals(body)) {
    if (verify(publicKey, answerMessage(timestamp, nonce, original), signature)) return alteration
  }
  return undefined
}

/** Candidates for the original body, the cheap ones first. */
function* originals(body: Uint8Array): Generator<[BodyAlteration, string | Uint8Array]> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const text = bytes.toString('utf8')
  yield ['byte_order_mark', text.startsWith(BOM) ? text.slice(1) : BOM + text]
  yield ['line_ends', text.trim()]
  yield ['line_ends', `${text}\n`]
  if (text.includes('\n')) {
    yield ['line_ends', text.replaceAll('\r\n', '\n')]
    yield ['line_ends', text.replace(/\r?\n/g, '\r\n')]
  }
  if (BASE64.test(text)) yield ['base64', Buffer.from(text, 'base64')]
  if (BEYOND_ASCII.test(text)) {
    // UTF-8 read as latin1 and written as UTF-8, and the reverse.
    yield ['latin1', Buffer.from(text, 'latin1')]
    yield ['latin1', bytes.toString('latin1')]
  }
  const value = parsed(text.startsWith(BOM) ? text.slice(1) : text)
  if (value === undefined) return
  if (typeof value === 'string') {
    yield ['json_string', value]
    if (BASE64.test(value)) yield ['base64', Buffer.from(value, 'base64')]
  } else yield* rewrites(value)
}

const BOM = '\ufeff'
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}\s*$/
const BEYOND_ASCII = /[\u0080-\uffff]/

/** The ways in which JSON serialisers differ: escaped slashes, escaped characters beyond ASCII, blanks. */
function* rewrites(value: unknown): Generator<[BodyAlteration, string]> {
  const compact = JSON.stringify(value)
  const escaped = compact.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  yield ['reserialized', compact]
  yield ['reserialized', compact.replaceAll('/', '\\/')]
  yield ['reserialized', escaped]
  yield ['reserialized', escaped.replaceAll('/', '\\/')]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
