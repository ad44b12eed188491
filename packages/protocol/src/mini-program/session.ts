// Signatures made with a session_key: the key is its text as it is, not what base64 would decode it to (miniprogram-server-api §2).

import { createHash, createHmac } from 'node:crypto'
import { SignatureError } from '../errors.ts'
import { sameText } from '../signature/same.ts'

/** For checksession and resetusersessionkey the message is empty. Lower-case hex. */
export function sessionSignature(session_key: string, message = ''): string {
  return createHmac('sha256', session_key).update(message, 'utf8').digest('hex')
}

/** The signature beside `rawData` of wx.getUserProfile and its like (miniprogram-server-api §5). Lower-case hex. */
export function rawDataSignature(session_key: string, rawData: string): string {
  return createHash('sha1')
    .update(rawData + session_key, 'utf8')
    .digest('hex')
}

/** `rawData` is the exact text the phone got. @throws SignatureError ERR_SIGN_MISSING, ERR_SIGNATURE_MISMATCH */
export function assertRawData(session_key: string, rawData: string, signature: string): void {
  if (!signature) throw new SignatureError('ERR_SIGN_MISSING', { missing: 'signature' })
  if (!sameText(rawDataSignature(session_key, rawData), signature))
    throw new SignatureError('ERR_SIGNATURE_MISMATCH', { checked: 'rawData' })
}
