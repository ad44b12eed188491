// SHA-256 of a secret, which is stored instead of the secret. That is safe because our secrets are long and random.

import { hash } from 'node:crypto'

/** Hex. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}
