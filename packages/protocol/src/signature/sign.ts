// SHA256withRSA (RSASSA-PKCS1-v1_5), base64 (v3-protocol §2): the only signature algorithm of WeChat Pay v3.

import { type KeyObject, sign as signBytes, verify as verifyBytes } from 'node:crypto'

/** The base64 signature of `message`. Runs in libuv's pool, so that the event loop is not blocked by RSA. */
export function sign(privateKey: KeyObject, message: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    signBytes('RSA-SHA256', message, privateKey, (error, signature) => {
      if (error) reject(error)
      else resolve(signature.toString('base64'))
    })
  })
}

/** Whether `signature` (base64) is the signature of `message`. False for base64 that is not canonical. */
export function verify(publicKey: KeyObject, message: Uint8Array, signature: string): boolean {
  // A 4096-bit RSA signature has 684 characters.
  if (signature.length > 1024) return false
  const bytes = Buffer.from(signature, 'base64')
  // Node's decoder skips unknown characters and ignores the last bits, so without this check several texts would count as the same signature.
  if (bytes.toString('base64') !== signature || bytes.length === 0) return false
  return verifyBytes('RSA-SHA256', message, publicKey, bytes)
}

/** Well-formed base64: standard alphabet, padding, nothing between. It may still not be the canonical text; `verify` checks that for signatures. */
export function isBase64(text: string): boolean {
  return text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)
}
