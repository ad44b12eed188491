// A diagnosis, never a pass: was the body parsed and written again before it came here? Then its signature fits another way to write it.

import type { KeyObject } from 'node:crypto'
import { answerMessage } from './message.ts'
import { verify } from './sign.ts'

/** Ways in which writers of JSON differ: escaped slashes, escaped characters beyond ASCII, blanks. */
const REWRITES: readonly ((compact: string) => string)[] = [
  (compact) => compact,
  (compact) => compact.replaceAll('/', '\\/'),
  (compact) => escaped(compact),
  (compact) => escaped(compact).replaceAll('/', '\\/'),
]

/** Asked only after verification has failed, for bodies small enough to be a notification. */
export function isReserialized(
  signature: { timestamp: string; nonce: string; signature: string },
  body: Uint8Array,
  publicKey: KeyObject,
): boolean {
  if (body.byteLength === 0 || body.byteLength > 64 * 1024) return false
  let compact: string
  try {
    compact = JSON.stringify(JSON.parse(Buffer.from(body).toString('utf8')))
  } catch {
    return false
  }
  return REWRITES.some((rewrite) =>
    verify(publicKey, answerMessage(signature.timestamp, signature.nonce, rewrite(compact)), signature.signature),
  )
}

function escaped(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
