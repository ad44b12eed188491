// Every published vector that concerns this package.

import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  answerMessage,
  apiV3Key,
  certificate,
  DecryptError,
  openNotification,
  openResource,
  openSensitive,
  requestMessage,
  requestPaymentMessage,
  sealResource,
  sign,
  verify,
} from '../src/index.ts'
import { published } from './vectors/published.ts'

const { keys } = published('keys')
const privateOf = (name: string): KeyObject => createPrivateKey(keys[name]?.pem ?? '')
const publicOf = (name: string): KeyObject => createPublicKey(keys[name]?.pem ?? '')

describe('published vectors', () => {
  test.each(published('rsa-sign').vectors)('request signature $id', async (v) => {
    const message =
      v.type === 'v3-request'
        ? requestMessage(v.method ?? '', v.url ?? '', v.timestamp ?? '', v.nonce ?? '', v.body ?? '')
        : Buffer.from(v.message ?? '')
    expect(message.toString()).toBe(v.message)
    expect(await sign(privateOf(v.key ?? ''), message)).toBe(v.signature)
  })

  test.each(published('paysign').vectors.filter((v) => v.fourthLine))('pay signature $id', async (v) => {
    const message = requestPaymentMessage(v.appId ?? '', v.timeStamp ?? '', v.nonceStr ?? '', v.fourthLine ?? '')
    if (v.expectMessage) expect(message.toString()).toBe(v.expectMessage)
    if (v.key) expect(await sign(privateOf(v.key), message)).toBe(v.paySign)
    expect(message.toString().split('\n')).toHaveLength(5)
  })

  test.each(published('response-verify').vectors)('answer signature $id is $valid', (v) => {
    const message = answerMessage(v.timestamp ?? '', v.nonce ?? '', v.body ?? '')
    expect(verify(publicOf(v.key ?? ''), message, v.signature ?? '')).toBe(v.valid)
  })

  test.each(published('aead').vectors.filter((v) => v.cipher === 'aes-256-gcm'))(
    'sealed resource $id opens, and seals to the same bytes',
    (v) => {
      const key = apiV3Key(v.key ?? '')
      const sealed = {
        algorithm: 'AEAD_AES_256_GCM',
        nonce: v.nonce ?? '',
        associated_data: v.associated_data,
        ciphertext: v.ciphertext ?? '',
      }
      expect(openResource(key, sealed)).toBe(v.plaintext)
      expect(sealResource(key, v.nonce ?? '', v.associated_data ?? '', v.plaintext ?? '').ciphertext).toBe(v.ciphertext)
    },
  )

  test.each(published('aead').vectors.filter((v) => v.cipher !== 'aes-256-gcm'))(
    'a key of 16 bytes ($id) is refused, not silently used as AES-128',
    (v) => {
      expect(() => apiV3Key(v.key ?? '')).toThrow('needs 32 bytes')
    },
  )

  test.each(published('notifications').vectors.filter((v) => v.cipher === 'aes-256-gcm'))('notification $id', (v) => {
    const headers = v.headers as unknown as Record<string, string>
    const body = Buffer.from(v.body ?? '')
    const message = answerMessage(headers['Wechatpay-Timestamp'] ?? '', headers['Wechatpay-Nonce'] ?? '', body)
    expect(verify(publicOf(v.key ?? ''), message, headers['Wechatpay-Signature'] ?? '')).toBe(true)
    expect(openNotification(body, [apiV3Key(v.apiv3_key ?? '')]).resource).toEqual(JSON.parse(v.plaintext ?? ''))
    expect(() => openNotification(body, [apiV3Key('0'.repeat(32))])).toThrow(DecryptError)
  })

  test.each(published('certificates').vectors.filter((v) => v.cipher === 'aes-256-gcm'))('platform certificates $id', (v) => {
    const { data } = v.response as unknown as { data: { serial_no: string; encrypt_certificate: Parameters<typeof openResource>[1] }[] }
    for (const entry of data) {
      expect(certificate(openResource(apiV3Key(v.apiv3_key ?? ''), entry.encrypt_certificate)).serial_no).toBe(v.serial_no)
    }
  })

  test.each(published('oaep').vectors.filter((v) => v.padding === 'oaep-sha1' && v.ciphertext))('sensitive field $id', (v) => {
    expect(openSensitive(privateOf(v.key ?? ''), v.ciphertext ?? '')).toBe(v.plaintext)
  })

  test('the certificates of the key file have the serials that are written beside them', () => {
    const withCertificate = Object.values(keys).filter((key) => key.certificate && key.serial_no)
    expect(withCertificate.length).toBeGreaterThan(0)
    for (const key of withCertificate) expect(certificate(key.certificate ?? '').serial_no).toBe(key.serial_no?.toUpperCase())
  })
})
