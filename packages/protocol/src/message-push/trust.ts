// The secrets that a mini program and WeChat share for message push (miniprogram-server-api §10): a token for signatures, and a key in safe mode.

import { createHash, createSecretKey, type KeyObject } from 'node:crypto'
import { KeyError, SignatureError } from '../errors.ts'
import { sameText } from '../signature/same.ts'

export interface PushTrust {
  appid: string
  /** 3–32 letters and digits, as entered in the console. */
  token: string
  /** For safe mode, and for compatible mode, which is read as safe mode. Without it plain messages are accepted. */
  key?: KeyObject | undefined
}

/** The query of a push, as text. */
export interface PushQuery {
  signature?: string | undefined
  timestamp?: string | undefined
  nonce?: string | undefined
  /** Safe mode only. */
  msg_signature?: string | undefined
  /** URL check only. */
  echostr?: string | undefined
}

/** The EncodingAESKey of the console: 43 characters, base64 of 32 bytes without padding. @throws KeyError ERR_KEY_INVALID */
export function encodingAesKey(text: string): KeyObject {
  if (!/^[A-Za-z0-9+/]{43}$/.test(text)) {
    throw new KeyError('ERR_KEY_INVALID', { what: 'EncodingAESKey', problem: `needs 43 letters and digits, has ${text.length} characters` })
  }
  return createSecretKey(Buffer.from(`${text}=`, 'base64'))
}

/** SHA-1 of the sorted parts, lower-case hex. The parts are the token, timestamp, nonce, and in safe mode the ciphertext. */
export function pushSignature(...parts: readonly string[]): string {
  return createHash('sha1')
    .update([...parts].sort().join(''), 'utf8')
    .digest('hex')
}

/** @throws SignatureError ERR_SIGN_MISSING, ERR_SIGNATURE_MISMATCH */
export function assertPushSigned(token: string, query: PushQuery, name: 'signature' | 'msg_signature', ...more: readonly string[]): void {
  const read = (part: 'timestamp' | 'nonce' | 'signature' | 'msg_signature'): string => {
    const value = query[part]
    if (!value) throw new SignatureError('ERR_SIGN_MISSING', { missing: part })
    return value
  }
  const expected = pushSignature(token, read('timestamp'), read('nonce'), ...more)
  if (!sameText(expected, read(name))) throw new SignatureError('ERR_SIGNATURE_MISMATCH', { checked: name })
}
