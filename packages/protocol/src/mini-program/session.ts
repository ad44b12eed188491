// Signatures with a session_key. The HMAC key is the text of session_key itself, not its base64-decoded bytes (miniprogram-server-api §2).

import { createHash, createHmac } from 'node:crypto'
import { SignatureError } from '../errors.ts'
import { sameText } from '../signature/same.ts'

/** For checksession and resetusersessionkey the message is empty. Lower-case hex. */
export function sessionSignature(session_key: string, message = ''): string {
  return createHmac('sha256', session_key).update(message, 'utf8').digest('hex')
}

/** The signature of `rawData`, as wx.getUserProfile and similar calls return it (miniprogram-server-api §5). Lower-case hex. */
export function rawDataSignature(session_key: string, rawData: string): string {
  return createHash('sha1')
    .update(rawData + session_key, 'utf8')
    .digest('hex')
}

/** `rawData` is the exact text that the phone received. @throws SignatureError ERR_SIGN_MISSING, ERR_SIGNATURE_MISMATCH */
export function assertRawData(session_key: string, rawData: string, signature: string): void {
  if (!signature) throw new SignatureError('ERR_SIGN_MISSING', { missing: 'signature' })
  if (!sameText(rawDataSignature(session_key, rawData), signature))
    throw new SignatureError('ERR_SIGNATURE_MISMATCH', { checked: 'rawData' })
}
