// The v2 signature (v2-protocol §2): the fields sorted by name, the key at the end, MD5 or HMAC-SHA256.

import { createHash, createHmac, type KeyObject } from 'node:crypto'
import { SignatureError } from '../errors.ts'
import { sameText } from '../signature/same.ts'

/** Agreed in advance and never taken from a message: otherwise a sender could choose the weaker algorithm. */
export type SignType = 'MD5' | 'HMAC-SHA256'

export type Signable = Readonly<Record<string, string | number | undefined>>

/** The text that is signed, without the key: fields with a value, sorted by name, without `sign`. Values are neither URL- nor XML-escaped. */
export function v2Message(fields: Signable): string {
  return Object.keys(fields)
    .filter((name) => name !== 'sign' && fields[name] !== undefined && fields[name] !== '')
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&')
}

/** Upper-case hex: 32 characters for MD5, 64 for HMAC-SHA256. */
export function signV2(key: KeyObject, type: SignType, fields: Signable): string {
  const hash = type === 'MD5' ? createHash('md5') : createHmac('sha256', key)
  hash.update(`${v2Message(fields)}&key=`, 'utf8').update(key.export())
  return hash.digest('hex').toUpperCase()
}

/** Whether `fields.sign` is the signature of the other fields. */
export function sameSignV2(key: KeyObject, type: SignType, fields: Signable): boolean {
  return sameText(signV2(key, type, fields), String(fields['sign'] ?? ''))
}

/**
 * Checks that `fields.sign` is the signature of the other fields, made with the agreed algorithm.
 * @throws SignatureError ERR_SIGN_MISSING, ERR_SIGNATURE_TYPE, ERR_SIGNATURE_MISMATCH
 */
export function assertSignedV2(key: KeyObject, type: SignType, fields: Signable): void {
  const { sign, sign_type } = fields
  if (typeof sign !== 'string' || sign === '') throw new SignatureError('ERR_SIGN_MISSING', { missing: 'sign' })
  if (sign_type !== undefined && sign_type !== '' && sign_type !== type) {
    throw new SignatureError('ERR_SIGNATURE_TYPE', { type: String(sign_type).slice(0, 40), agreed: type })
  }
  if (!sameSignV2(key, type, fields))
    throw new SignatureError('ERR_SIGNATURE_MISMATCH', { sign_type: type, fields: Object.keys(fields).length })
}
