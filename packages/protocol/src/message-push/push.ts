// One pushed message: read from query and body, and written as WeChat writes it. JSON or XML, depending on the setting in the console.

import { MessageError } from '../errors.ts'
import { formatFields } from '../xml/fields.ts'
import { readTree } from '../xml/tree.ts'
import { openEnvelope, sealEnvelope } from './cipher.ts'
import { assertPushSigned, type PushQuery, type PushTrust, pushSignature } from './trust.ts'

export type PushFormat = 'json' | 'xml'

export interface OpenedPush {
  format: PushFormat
  /** The fields as WeChat wrote them. In XML every leaf is text. */
  fields: Readonly<Record<string, unknown>>
}

/** WeChat's own messages are far smaller. */
export const PUSH_BODY_BYTES_MAX: number = 64 * 1024

/**
 * With a key only encrypted messages are accepted; plain fields beside the ciphertext are ignored. Without a key the signature does not cover the
 * body at all (plain mode). In both modes nothing is parsed before the signature was verified.
 * @throws SignatureError, DecryptError, MessageError: in each case answer 4xx and write nothing.
 */
export function openPush(trust: PushTrust, query: PushQuery, body: Uint8Array): OpenedPush {
  if (body.byteLength > PUSH_BODY_BYTES_MAX) throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'body', bytes: body.byteLength })
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
  if (!trust.key) {
    assertPushSigned(trust.token, query, 'signature')
    const plain = readPush(text)
    // Compatible mode sends both plain fields and ciphertext. Safe mode sends only the ciphertext, which cannot be read without a key.
    const sealedOnly = plain.fields['Encrypt'] !== undefined && plain.fields['MsgType'] === undefined
    if (sealedOnly) throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'body', problem: 'encrypted: give encodingAESKey' })
    return plain
  }
  const sealed = ciphertextOf(text)
  assertPushSigned(trust.token, query, 'msg_signature', sealed)
  return readPush(openEnvelope(trust.key, trust.appid, sealed))
}

/** Base64. JSON may contain escaped slashes; XML may use CDATA. */
const CIPHERTEXT = /"Encrypt"\s{0,9}:\s{0,9}"([A-Za-z0-9+/=\\]+)"|<Encrypt>(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?<\/Encrypt>/

/**
 * Finds the ciphertext without parsing the message: parsing 64 KB from a stranger costs a hundred times as much as refusing it should, and
 * the signature covers the ciphertext alone. The signature of the result must still be verified.
 */
function ciphertextOf(text: string): string {
  const found = CIPHERTEXT.exec(text)
  if (found) return found[2] ?? (found[1] ?? '').replaceAll('\\/', '/')
  if (/^\s*[<{]/.test(text)) throw new MessageError('ERR_PUSH_MODE')
  throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'body', problem: 'neither a JSON object nor XML' })
}

export interface SealPushInput {
  /** Unix seconds. */
  timestamp: string
  nonce: string
  /** 16 bytes. Used in safe mode only. */
  random: Uint8Array
  format: PushFormat
  /** The message as text, in that `format`. */
  message: string
  /** The receiver's 原始ID. It is also written outside the ciphertext. */
  ToUserName: string
}

/** WeChat's side: the query and the body of the POST. */
export function sealPush({ appid, token, key }: PushTrust, input: SealPushInput): { query: Record<string, string>; body: string } {
  const { timestamp, nonce, format, message, ToUserName } = input
  const query = { signature: pushSignature(token, timestamp, nonce), timestamp, nonce }
  if (!key) return { query, body: message }
  const Encrypt = sealEnvelope(key, appid, input.random, message)
  const outer = { ToUserName, Encrypt }
  return {
    query: { ...query, encrypt_type: 'aes', msg_signature: pushSignature(token, timestamp, nonce, Encrypt) },
    body: format === 'json' ? JSON.stringify(outer) : formatFields(outer),
  }
}

/** WeChat's side: a message as text. XML can hold only texts and numbers. @throws TypeError for what XML cannot contain */
export function formatPush(format: PushFormat, message: Readonly<Record<string, unknown>>): string {
  if (format === 'json') return JSON.stringify(message)
  const flat = Object.entries(message).map(([name, value]): [string, string | number] => {
    if (typeof value === 'string' || typeof value === 'number') return [name, value]
    throw new TypeError(`the field ${name} is neither text nor a number, as XML wants it`)
  })
  return formatFields(Object.fromEntries(flat))
}

/** Reads a plain message, JSON or XML. @throws MessageError ERR_MESSAGE_SHAPE, ERR_XML_FORMAT */
export function readPush(text: string): OpenedPush {
  if (text.trimStart().startsWith('<')) return { format: 'xml', fields: readTree(text) }
  try {
    const fields: unknown = JSON.parse(text)
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return { format: 'json', fields: { ...fields } }
  } catch {
    // The error is thrown below, without the parser's text, because that quotes the body.
  }
  throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'body', problem: 'neither a JSON object nor XML' })
}
