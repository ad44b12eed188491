// The encrypted envelope of safe mode (miniprogram-server-api §10): AES-256-CBC over random ‖ length ‖ message ‖ appid, padded to blocks of 32.

import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import { DecryptError, MessageError } from '../errors.ts'
import { isBase64 } from '../signature/sign.ts'

/** WeChat pads to 32 bytes, not to AES's 16, so we pad ourselves. */
const BLOCK_BYTES = 32
const RANDOM_BYTES = 16
const HEAD_BYTES = RANDOM_BYTES + 4

/** `random` is 16 bytes. Returns base64. */
export function sealEnvelope(key: KeyObject, appid: string, random: Uint8Array, message: string): string {
  if (random.byteLength !== RANDOM_BYTES) throw new TypeError('random must be 16 bytes')
  const text = Buffer.from(message, 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  const plain = Buffer.concat([random, length, text, Buffer.from(appid, 'utf8')])
  const pad = BLOCK_BYTES - (plain.length % BLOCK_BYTES)
  const cipher = createCipheriv('aes-256-cbc', key, iv(key)).setAutoPadding(false)
  return Buffer.concat([cipher.update(plain), cipher.update(Buffer.alloc(pad, pad)), cipher.final()]).toString('base64')
}

/** Call it only after the signature over `sealed` was verified. @throws DecryptError ERR_DECRYPT_PUSH, MessageError ERR_MESSAGE_TENANT */
export function openEnvelope(key: KeyObject, appid: string, sealed: string): string {
  const plain = unpad(decrypt(key, sealed))
  const end = HEAD_BYTES + (plain.length >= HEAD_BYTES ? plain.readUInt32BE(RANDOM_BYTES) : 0)
  if (plain.length < HEAD_BYTES || end > plain.length) throw new DecryptError('ERR_DECRYPT_PUSH', { problem: 'length' })
  if (plain.toString('utf8', end) !== appid) throw new MessageError('ERR_MESSAGE_TENANT', { where: 'appid' })
  return plain.toString('utf8', HEAD_BYTES, end)
}

function decrypt(key: KeyObject, sealed: string): Buffer {
  const bytes = isBase64(sealed) ? Buffer.from(sealed, 'base64') : Buffer.alloc(0)
  if (bytes.length === 0 || bytes.length % BLOCK_BYTES !== 0) throw new DecryptError('ERR_DECRYPT_PUSH', { problem: 'not whole blocks' })
  const decipher = createDecipheriv('aes-256-cbc', key, iv(key)).setAutoPadding(false)
  return Buffer.concat([decipher.update(bytes), decipher.final()])
}

function unpad(plain: Buffer): Buffer {
  const pad = plain.at(-1) ?? 0
  const whole = pad >= 1 && pad <= BLOCK_BYTES && plain.subarray(-pad).every((byte) => byte === pad)
  if (!whole) throw new DecryptError('ERR_DECRYPT_PUSH', { problem: 'padding' })
  return plain.subarray(0, -pad)
}

/** The first half of the key. WeChat's page does not say so; its published sample proves it. */
function iv(key: KeyObject): Buffer {
  return key.export().subarray(0, 16)
}
