// The answer to a push: `success`, or an answer of its own for an event that expects one; encrypted in safe mode.

import { MessageError } from '../errors.ts'
import { formatFields } from '../xml/fields.ts'
import { openEnvelope, sealEnvelope } from './cipher.ts'
import { type OpenedPush, type PushFormat, readPush } from './push.ts'
import { assertPushSigned, type PushTrust, pushSignature } from './trust.ts'

/** The answer to every event that expects no answer of its own. */
export const PUSH_REPLY_OK = 'success'

export interface SealPushReplyInput {
  /** Unix seconds. */
  timestamp: number
  nonce: string
  /** 16 bytes. Used in safe mode only. */
  random: Uint8Array
  format: PushFormat
  /** The answer as text, in that `format`. */
  message: string
}

/** The body of our answer. */
export function sealPushReply({ appid, token, key }: PushTrust, input: SealPushReplyInput): string {
  if (!key) return input.message
  const Encrypt = sealEnvelope(key, appid, input.random, input.message)
  const MsgSignature = pushSignature(token, String(input.timestamp), input.nonce, Encrypt)
  const outer = { Encrypt, MsgSignature, TimeStamp: input.timestamp, Nonce: input.nonce }
  return input.format === 'json' ? JSON.stringify(outer) : formatFields(outer)
}

/** WeChat's side: the answer's fields, or `null` if it is just `success`. @throws SignatureError, DecryptError, MessageError */
export function openPushReply({ appid, token, key }: PushTrust, body: string): OpenedPush | null {
  if (body === '' || body === PUSH_REPLY_OK) return null
  const outer = readPush(body)
  if (!key) return outer
  const { Encrypt, MsgSignature, TimeStamp, Nonce } = outer.fields
  if (typeof Encrypt !== 'string') throw new MessageError('ERR_PUSH_MODE')
  const query = { msg_signature: text(MsgSignature), timestamp: text(TimeStamp), nonce: text(Nonce) }
  assertPushSigned(token, query, 'msg_signature', Encrypt)
  return readPush(openEnvelope(key, appid, Encrypt))
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
