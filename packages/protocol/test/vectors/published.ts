// The published test vectors, where the reference folder lies beside the project. Without it, the tests that need it say so by being skipped.

import { existsSync, readFileSync } from 'node:fs'

const FOLDER = new URL('../../../../../shared/reference/vectors/', import.meta.url)

export const havePublished = existsSync(new URL('keys.json', FOLDER))

export function published(name: string): { vectors: Record<string, string>[]; keys: Record<string, { pem: string; certificate?: string; serial_no?: string; kind?: string }> } {
  return havePublished ? JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) : { vectors: [], keys: {} }
}
