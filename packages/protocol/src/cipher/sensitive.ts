// Sensitive fields (v3-protocol §9): RSAES-OAEP with SHA-1, as in every official SDK. Names and card numbers are always sent encrypted.

import { constants, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto'
import { DecryptError, KeyError } from '../errors.ts'

const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' } as const
/** The size of an RSA-2048 block minus the padding. */
const PLAINTEXT_BYTES_MAX = 214

/** Encrypts for WeChat, with its public key or newest platform certificate. Base64. */
export function sealSensitive(publicKey: KeyObject, text: string): string {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length > PLAINTEXT_BYTES_MAX)
    throw new KeyError('ERR_KEY_INVALID', { problem: `a sensitive field has at most ${PLAINTEXT_BYTES_MAX} bytes` })
  return publicEncrypt({ key: publicKey, ...OAEP }, bytes).toString('base64')
}

/** Decrypts a field from WeChat with the merchant's private key. @throws DecryptError */
export function openSensitive(privateKey: KeyObject, ciphertext: string): string {
  try {
    return privateDecrypt({ key: privateKey, ...OAEP }, Buffer.from(ciphertext, 'base64')).toString('utf8')
  } catch {
    throw new DecryptError('ERR_DECRYPT', { what: 'sensitive field' })
  }
}
