// Data from WeChat that the phone passes on: signed (rawData) or encrypted (encryptedData), both with the user's session_key. This makes no call.

import { assertRawData, openUserData, type SealedUserData, type UserData } from '@cashdesk/protocol'
import type { MiniProgramCaller } from './caller.ts'

export interface OpenUserDataInput extends SealedUserData {
  /** The user's current session_key. */
  session_key: string
  /** How far the watermark may be from now, in milliseconds. Default 5 minutes, at most a day. */
  age_ms_max?: number | undefined
}

export interface RawDataInput {
  session_key: string
  /** The exact text that the phone received. */
  rawData: string
  signature: string
}

const AGE_MS = 5 * 60 * 1000
const AGE_MS_MAX = 24 * 60 * 60 * 1000

/** @throws DecryptError ERR_DECRYPT_SESSION (log in again), MessageError ERR_MESSAGE_TENANT, ERR_WATERMARK_WINDOW */
export function userData(caller: MiniProgramCaller, { session_key, age_ms_max = AGE_MS, encryptedData, iv }: OpenUserDataInput): UserData {
  if (!(age_ms_max > 0 && age_ms_max <= AGE_MS_MAX)) throw new TypeError('age_ms_max must be between 1 and a day')
  return openUserData({ appid: caller.appid, session_key, now: caller.now(), age_ms_max }, { encryptedData, iv })
}

/** The parsed rawData, after its signature was verified. @throws SignatureError */
export function rawData({ session_key, rawData: text, signature }: RawDataInput): unknown {
  assertRawData(session_key, text, signature)
  return JSON.parse(text)
}
