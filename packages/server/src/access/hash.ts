// SHA-256 of a secret with enough randomness of its own: what is kept instead of it.

import { hash } from 'node:crypto'

/** Hex. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}
