// SHA256withRSA (RSASSA-PKCS1-v1_5), base64 (v3-protocol §2): the one signature of WeChat Pay v3.

import { type KeyObject, sign as signBytes, verify as verifyBytes } from 'node:crypto'

/** The base64 signature of `message`. Runs in libuv's pool: the event loop goes on while RSA works. */
export function sign(privateKey: KeyObject, message: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    signBytes('RSA-SHA256', message, privateKey, (error, signature) => {
      if (error) reject(error)
      else resolve(signature.toString('base64'))
    })
  })
}

/** Whether `signature` (base64) is the signature of `message`. Anything that is not base64 as it is written canonically is not a signature. */
export function verify(publicKey: KeyObject, message: Uint8Array, signature: string): boolean {
  // RSA of 4096 bits makes 684 characters.
  if (signature.length > 1024) return false
  const bytes = Buffer.from(signature, 'base64')
  // Node's decoder skips what it does not know and ignores the last bits, so several texts would stand for one signature.
  if (bytes.toString('base64') !== signature || bytes.length === 0) return false
  return verifyBytes('RSA-SHA256', message, publicKey, bytes)
}

/** Clean base64: standard alphabet, padding, nothing between. Not every clean text is the canonical one; for a signature `verify` asks for that too. */
export function isBase64(text: string): boolean {
  return text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text)
}
