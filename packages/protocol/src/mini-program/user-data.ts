// encryptedData of a mini program (miniprogram-server-api §5): AES-128-CBC with the session_key, and a watermark with the appid and the time.

import { createCipheriv, createDecipheriv } from 'node:crypto'
import { DecryptError, MessageError } from '../errors.ts'
import { isBase64 } from '../signature/sign.ts'

export interface Watermark {
  appid: string
  /** Unix seconds: when the phone asked for the data. */
  timestamp: number
}

/** The content of encryptedData. Its fields depend on what the phone asked for. */
export interface UserData {
  watermark: Watermark
  readonly [name: string]: unknown
}

export interface SealedUserData {
  /** Base64. */
  encryptedData: string
  /** Base64 of 16 bytes. */
  iv: string
}

export interface UserDataRules {
  appid: string
  session_key: string
  /** Epoch milliseconds. */
  now: number
  /** How far the watermark may be from now, in milliseconds. */
  age_ms_max: number
}

/** @throws DecryptError ERR_DECRYPT_SESSION, MessageError ERR_MESSAGE_TENANT, ERR_WATERMARK_WINDOW, ERR_MESSAGE_SHAPE, which names the field that was altered */
export function openUserData(rules: UserDataRules, sealed: SealedUserData): UserData {
  const data = parse(decrypt(rules.session_key, sealed))
  const { appid, timestamp } = data.watermark
  if (appid !== rules.appid) throw new MessageError('ERR_MESSAGE_TENANT', { where: 'watermark.appid' })
  const age_ms = Math.abs(rules.now - timestamp * 1000)
  if (age_ms > rules.age_ms_max) throw new MessageError('ERR_WATERMARK_WINDOW', { age_ms, age_ms_max: rules.age_ms_max })
  return data
}

/** WeChat's side. `iv` is 16 bytes. */
export function sealUserData(session_key: string, iv: Uint8Array, data: UserData): SealedUserData {
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(session_key, 'base64'), iv)
  const sealed = Buffer.concat([cipher.update(JSON.stringify(data), 'utf8'), cipher.final()])
  return { encryptedData: sealed.toString('base64'), iv: Buffer.from(iv).toString('base64') }
}

function decrypt(session_key: string, { encryptedData, iv }: SealedUserData): string {
  const key = bytesOf('session_key', session_key, 16)
  const vector = bytesOf('iv', iv, 16)
  const sealed = bytesOf('encryptedData', encryptedData)
  try {
    const decipher = createDecipheriv('aes-128-cbc', key, vector)
    return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8')
  } catch {
    throw new DecryptError('ERR_DECRYPT_SESSION')
  }
}

/** What a proxy, a form or a cut copy did to a field is said of that field: it looks like an old session_key otherwise. @throws MessageError ERR_MESSAGE_SHAPE */
function bytesOf(where: 'session_key' | 'iv' | 'encryptedData', text: string, length?: number): Buffer {
  const problem = problemOf(text)
  if (problem !== undefined) throw new MessageError('ERR_MESSAGE_SHAPE', { where, problem })
  const bytes = Buffer.from(text, 'base64')
  const whole = length === undefined ? bytes.length > 0 && bytes.length % 16 === 0 : bytes.length === length
  if (whole) return bytes
  const wanted = length ?? 'a multiple of 16'
  throw new MessageError('ERR_MESSAGE_SHAPE', { where, problem: `it is cut, or another value: ${bytes.length} bytes instead of ${wanted}` })
}

function problemOf(text: string): string | undefined {
  if (typeof text !== 'string' || text === '') return 'it is empty'
  if (isBase64(text)) return undefined
  if (isBase64(text.replaceAll(' ', '+'))) return 'a + became a blank on the way: encode it with encodeURIComponent, or send it as JSON'
  if (/%(2B|2F|3D)/i.test(text)) return 'it is percent-encoded: decode it once'
  return 'it is not Base64'
}

function parse(text: string): UserData {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    // A wrong (old) key decrypts to random bytes; about once in 256 times their padding is valid, and parsing fails here.
    throw new DecryptError('ERR_DECRYPT_SESSION')
  }
  const { watermark } = (data ?? {}) as { watermark?: Partial<Watermark> | null }
  if (typeof watermark?.appid !== 'string' || !Number.isSafeInteger(watermark.timestamp))
    throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'watermark' })
  // Only the watermark is checked, because WeChat promises no other field.
  return data as UserData
}
