// One pushed message: from query and body to its fields, and WeChat's side of it. JSON or XML, as the console was set.

import { MessageError } from '../errors.ts'
import { formatFields } from '../xml/fields.ts'
import { readTree } from '../xml/tree.ts'
import { openEnvelope, sealEnvelope } from './cipher.ts'
import { assertPushSigned, type PushQuery, type PushTrust, pushSignature } from './trust.ts'

export type PushFormat = 'json' | 'xml'

export interface OpenedPush {
  format: PushFormat
  /** As WeChat wrote them: in XML every leaf is text. */
  fields: Readonly<Record<string, unknown>>
}

/** WeChat's own are far below this. */
export const PUSH_BODY_BYTES_MAX: number = 64 * 1024

/**
 * With a key only encrypted messages are taken, whatever stands beside the ciphertext. Without one, know that the signature of the
 * plain mode covers no byte of the body. In both modes nothing is parsed before the signature holds.
 * @throws SignatureError, DecryptError, MessageError: in each case answer 4xx and write nothing.
 */
export function openPush(trust: PushTrust, query: PushQuery, body: Uint8Array): OpenedPush {
  if (body.byteLength > PUSH_BODY_BYTES_MAX) throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'body', bytes: body.byteLength })
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
  if (!trust.key) {
    assertPushSigned(trust.token, query, 'signature')
    const plain = readPush(text)
    // The compatible mode sends both; the safe mode only what we cannot open.
    const sealedOnly = plain.fields['Encrypt'] !== undefined && plain.fields['MsgType'] === undefined
    if (sealedOnly) throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'body', problem: 'encrypted: give encodingAESKey' })
    return plain
  }
  const sealed = ciphertextOf(text)
  assertPushSigned(trust.token, query, 'msg_signature', sealed)
  return readPush(openEnvelope(trust.key, trust.appid, sealed))
}

/** Base64, in JSON also with escaped slashes; in XML with or without CDATA. */
const CIPHERTEXT = /"Encrypt"\s{0,9}:\s{0,9}"([A-Za-z0-9+/=\\]+)"|<Encrypt>(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?<\/Encrypt>/

/**
 * The ciphertext, found without parsing the message around it: parsing 64 KB from a stranger costs a hundred times what refusing it should, and
 * the signature covers the ciphertext alone. Whatever is found here still has to be signed.
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
  /** 16 bytes; for safe mode. */
  random: Uint8Array
  format: PushFormat
  /** The message as text, in that format. */
  message: string
  /** Whom the push is for (原始ID); it stands outside the ciphertext too. */
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

/** WeChat's side: a message as text. XML holds texts and numbers only. @throws TypeError for what XML cannot carry */
export function formatPush(format: PushFormat, message: Readonly<Record<string, unknown>>): string {
  if (format === 'json') return JSON.stringify(message)
  const flat = Object.entries(message).map(([name, value]): [string, string | number] => {
    if (typeof value === 'string' || typeof value === 'number') return [name, value]
    throw new TypeError(`the field ${name} is neither text nor a number, as XML wants it`)
  })
  return formatFields(Object.fromEntries(flat))
}

/** A message in the clear, in whichever format it is. @throws MessageError ERR_MESSAGE_SHAPE, ERR_XML_FORMAT */
export function readPush(text: string): OpenedPush {
  if (text.trimStart().startsWith('<')) return { format: 'xml', fields: readTree(text) }
  try {
    const fields: unknown = JSON.parse(text)
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return { format: 'json', fields: { ...fields } }
  } catch {
    // Told below, without the parser's text: it quotes the body.
  }
  throw new MessageError('ERR_MESSAGE_SHAPE', { where: 'body', problem: 'neither a JSON object nor XML' })
}
