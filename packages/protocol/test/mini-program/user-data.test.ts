// encryptedData opens only with its own session_key, for its own program, and while it is recent.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assertRawData, CashdeskError, openUserData, rawDataSignature, sealUserData } from '../../src/index.ts'

const session_key = Buffer.alloc(16, 7).toString('base64')
const now = 1_700_000_000_000
const iv = Buffer.alloc(16, 1)
const rules = { appid: 'wx1', session_key, now, age_ms_max: 300_000 }
const data = (change: Partial<{ appid: string; timestamp: number }> = {}) => ({
  phoneNumber: '13800000000',
  watermark: { appid: 'wx1', timestamp: now / 1000, ...change },
})

test('what is sealed can be opened', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), fc.uint8Array({ minLength: 16, maxLength: 16 }), (nickName, bytes) => {
      const sealed = { ...data(), nickName }
      expect(openUserData(rules, sealUserData(session_key, bytes, sealed))).toEqual(sealed)
    }),
  )
})

describe('user data is refused', () => {
  test.each([
    ['of another program', { appid: 'wx2' }, 'ERR_MESSAGE_TENANT'],
    ['too old', { timestamp: now / 1000 - 301 }, 'ERR_WATERMARK_WINDOW'],
    ['from the future', { timestamp: now / 1000 + 301 }, 'ERR_WATERMARK_WINDOW'],
    ['with an invalid time', { timestamp: Number.NaN }, 'ERR_MESSAGE_SHAPE'],
  ])('data %s', (_, change, code) => {
    expect(() => openUserData(rules, sealUserData(session_key, iv, data(change)))).toThrow(expect.objectContaining({ code }))
  })

  test('sealed with an older session_key, or damaged', () => {
    const sealed = sealUserData(session_key, iv, data())
    const others = Array.from({ length: 300 }, (_, i) => Buffer.alloc(16, i % 250 === 7 ? 9 : i).toString('base64'))
    for (const other of others.filter((one) => one !== session_key)) {
      expect(() => openUserData({ ...rules, session_key: other }, sealed)).toThrow(expect.objectContaining({ code: 'ERR_DECRYPT_SESSION' }))
    }
    for (const broken of [
      { ...sealed, iv: '' },
      { ...sealed, encryptedData: '' },
      { ...sealed, encryptedData: 'AAAA' },
      { ...sealed, iv: '!' },
    ]) {
      expect(() => openUserData(rules, broken)).toThrow(expect.objectContaining({ code: 'ERR_DECRYPT_SESSION' }))
    }
    expect(() => openUserData({ ...rules, session_key: 'short' }, sealed)).toThrow(expect.objectContaining({ code: 'ERR_DECRYPT_SESSION' }))
  })

  test('JSON without a watermark', () => {
    for (const text of ['null', '1', '{}', '{"watermark":null}', '{"watermark":{"appid":1}}']) {
      // The sealing function seals any input; here the input is wrong on purpose.
      const sealed = sealUserData(session_key, iv, JSON.parse(text))
      expect(() => openUserData(rules, sealed)).toThrow(CashdeskError)
    }
  })

  test('rawData that was changed', () => {
    const signature = rawDataSignature(session_key, '{"nickName":"Band"}')
    expect(() => assertRawData(session_key, '{"nickName":"Bond"}', signature)).toThrow(
      expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }),
    )
    expect(() => assertRawData(session_key, '{"nickName":"Band"}', '')).toThrow(expect.objectContaining({ code: 'ERR_SIGN_MISSING' }))
  })
})
