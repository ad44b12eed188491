// req_info, the encrypted part of a refund notification (v2-protocol §11): AES-256-ECB with a key made from the APIv2 key.

import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import { DecryptError } from '../errors.ts'
import { isBase64 } from '../signature/sign.ts'
import { reqInfoKey } from './key.ts'

/** WeChat's side. */
export function sealReqInfo(key: KeyObject, text: string): string {
  const cipher = createCipheriv('aes-256-ecb', reqInfoKey(key), null)
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]).toString('base64')
}

/** @throws DecryptError ERR_DECRYPT_V2 */
export function openReqInfo(key: KeyObject, sealed: string): string {
  if (!isBase64(sealed)) throw new DecryptError('ERR_DECRYPT_V2', { problem: 'not base64' })
  try {
    const decipher = createDecipheriv('aes-256-ecb', reqInfoKey(key), null)
    return Buffer.concat([decipher.update(sealed, 'base64'), decipher.final()]).toString('utf8')
  } catch {
    // OpenSSL's reason is dropped, because it would tell an attacker which byte of the padding was wrong.
    throw new DecryptError('ERR_DECRYPT_V2', { sealed_characters: sealed.length })
  }
}
