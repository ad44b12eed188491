// AEAD_AES_256_GCM (v3-protocol §8): how WeChat seals notifications and certificates with the merchant's APIv3 key.

import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import { DecryptError } from '../errors.ts'

const TAG_BYTES = 16

export interface SealedResource {
  algorithm: string
  /** 12 characters in practice; documented as up to 16. */
  nonce: string
  associated_data?: string | undefined
  /** Base64 of ciphertext ‖ 16-byte tag. */
  ciphertext: string
}

/** Encrypts `plaintext` with the APIv3 key. The caller provides the nonce. */
export function sealResource(key: KeyObject, nonce: string, associatedData: string, plaintext: string): SealedResource {
  const cipher = createCipheriv('aes-256-gcm', key, Buffer.from(nonce, 'utf8'), { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(associatedData, 'utf8'))
  const sealed = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { algorithm: 'AEAD_AES_256_GCM', nonce, associated_data: associatedData, ciphertext: sealed.toString('base64') }
}

/** Decrypts a sealed resource. No plaintext is returned unless the tag is right. @throws DecryptError ERR_CIPHER_UNSUPPORTED, ERR_DECRYPT */
export function openResource(key: KeyObject, resource: SealedResource): string {
  if (resource.algorithm !== 'AEAD_AES_256_GCM') {
    throw new DecryptError('ERR_CIPHER_UNSUPPORTED', { algorithm: resource.algorithm.slice(0, 40) })
  }
  const nonce = Buffer.from(resource.nonce, 'utf8')
  const sealed = Buffer.from(resource.ciphertext, 'base64')
  if ((nonce.length !== 12 && nonce.length !== 16) || sealed.length < TAG_BYTES || sealed.length !== decodedLength(resource.ciphertext)) {
    throw new DecryptError('ERR_DECRYPT', { nonce_bytes: nonce.length, sealed_bytes: sealed.length })
  }
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(resource.associated_data ?? '', 'utf8'))
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch {
    throw new DecryptError('ERR_DECRYPT', { sealed_bytes: sealed.length })
  }
}

/** The number of bytes of valid base64 with this length. Node's decoder returns fewer if it skipped a character. */
function decodedLength(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0
  return (base64.length / 4) * 3 - padding
}
