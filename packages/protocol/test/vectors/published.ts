// The published test vectors: signatures and ciphertexts from WeChat's documents and SDKs (docs/reference/wechat/test-vectors.md).

import { readFileSync } from 'node:fs'

interface Vectors {
  vectors: Record<string, string>[]
  keys: Record<string, { pem: string; certificate?: string; serial_no?: string; kind?: string }>
}

export function published(name: string): Vectors {
  return JSON.parse(readFileSync(new URL(`published/${name}.json`, import.meta.url), 'utf8')) as Vectors
}
