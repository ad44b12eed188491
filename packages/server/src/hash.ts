// SHA-256 of a secret with enough randomness of its own: what is kept instead of it.

import { createHash } from 'node:crypto'

/** Hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
