// The vectors made by openssl (make.sh).

import { readFileSync } from 'node:fs'

interface Vectors {
  private_key: string
  public_key: string
  certificate: string
  serial_no: string
  timestamp: string
  nonce: string
  body: string
  signatures: { request: string; empty: string; answer: string; nothing: string; pay: string }
}

export const openssl: Vectors = JSON.parse(readFileSync(new URL('openssl.json', import.meta.url), 'utf8'))
