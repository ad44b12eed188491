// The v2 signature (v2-protocol §2): the fields in order of their names, the key at the end, MD5 or HMAC-SHA256.

import { createHash, createHmac, type KeyObject } from 'node:crypto'
import { SignatureError } from '../errors.ts'
import { sameText } from '../signature/same.ts'

/** Agreed beforehand, never learnt from a message: else a sender could choose the weaker one. */
export type SignType = 'MD5' | 'HMAC-SHA256'

export type Signable = Readonly<Record<string, string | number | undefined>>

/** What is signed, without the key: fields that have a value, sorted by name, without `sign`. Values as they are, neither URL- nor XML-escaped. */
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
 * That `fields.sign` is the signature of the other fields, made with the type we agreed on.
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
