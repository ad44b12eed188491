// D1: the tag is always checked, and no plaintext is returned before it holds.

import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { apiV3Key, DecryptError, openResource, sealResource } from '../../src/index.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const key = apiV3Key(KEY)
const sealed = sealResource(key, 'abcdefghijkl', 'transaction', '{"total":1}')
const flip = (base64: string, at: number): string => {
  const bytes = Buffer.from(base64, 'base64')
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes.toString('base64')
}

test('what is sealed can be opened', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), fc.string({ maxLength: 16 }), (text, aad) => {
      expect(openResource(key, sealResource(key, 'abcdefghijkl', aad, text))).toBe(text)
    }),
  )
})

describe('a sealed resource is refused with', () => {
  const length = Buffer.from(sealed.ciphertext, 'base64').length
  test.each(Array.from({ length }, (_, i) => i))('byte %i flipped', (i) => {
    expect(() => openResource(key, { ...sealed, ciphertext: flip(sealed.ciphertext, i) })).toThrow(DecryptError)
  })

  const withTag = (tag: Buffer): string =>
    Buffer.concat([Buffer.from(sealed.ciphertext, 'base64').subarray(0, -16), tag]).toString('base64')
  test.each([
    ['a tag of zeros', { ciphertext: withTag(Buffer.alloc(16)) }],
    ['a tag of 4 bytes', { ciphertext: withTag(Buffer.from(sealed.ciphertext, 'base64').subarray(-16, -12)) }],
    ['no tag', { ciphertext: withTag(Buffer.alloc(0)) }],
    ['other associated data', { associated_data: 'refund' }],
    ['no associated data', { associated_data: undefined }],
    ['a nonce of 11 bytes', { nonce: 'abcdefghijk' }],
    ['a nonce of 13 bytes', { nonce: 'abcdefghijklm' }],
    ['an empty nonce', { nonce: '' }],
    ['ciphertext that is not base64', { ciphertext: `${sealed.ciphertext}!` }],
    ['empty ciphertext', { ciphertext: '' }],
  ])('%s', (_, change) => {
    expect(() => openResource(key, { ...sealed, ...change })).toThrow(expect.objectContaining({ code: 'ERR_DECRYPT' }))
  })

  test('another algorithm, and the error names it', () => {
    expect(() => openResource(key, { ...sealed, algorithm: 'AEAD_SM4_GCM' })).toThrow('algorithm: AEAD_SM4_GCM')
  })

  test('the key of another merchant', () => {
    expect(() => openResource(apiV3Key(KEY.replace('0', 'x')), sealed)).toThrow(DecryptError)
  })
})

test('an error contains neither key nor ciphertext', () => {
  try {
    openResource(key, { ...sealed, associated_data: 'other' })
    expect.unreachable()
  } catch (error) {
    const text = `${error}\n${JSON.stringify(error)}\n${(error as DecryptError).message_zh}`
    expect(text).not.toContain(KEY)
    expect(text).not.toContain(sealed.ciphertext)
    expect(text).toContain('APIv3 密钥不匹配')
  }
})

test('a third-party client opens what we seal, and we open what it seals', () => {
  const { Aes } = createRequire(import.meta.url)('wechatpay-axios-plugin') as {
    Aes: {
      AesGcm: {
        encrypt(text: string, key: string, iv: string, aad: string): string
        decrypt(text: string, key: string, iv: string, aad: string): string
      }
    }
  }
  expect(Aes.AesGcm.decrypt(sealed.ciphertext, KEY, sealed.nonce, 'transaction')).toBe('{"total":1}')
  const theirs = Aes.AesGcm.encrypt('拿铁', KEY, 'abcdefghijkl', 'x')
  expect(openResource(key, { algorithm: 'AEAD_AES_256_GCM', nonce: 'abcdefghijkl', associated_data: 'x', ciphertext: theirs })).toBe('拿铁')
})
