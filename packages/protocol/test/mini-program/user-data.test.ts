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
    const bytes = Buffer.from(sealed.encryptedData, 'base64')
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
    const damaged = { ...sealed, encryptedData: bytes.toString('base64') }
    expect(() => openUserData(rules, damaged)).toThrow(expect.objectContaining({ code: 'ERR_DECRYPT_SESSION' }))
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

describe('C9: a field that was altered on the way is named, and the session_key is not blamed', () => {
  const key = Buffer.alloc(16, 1).toString('base64')
  const vector = Buffer.from('fbefbefbefbefbefbefbefbefbefbefb', 'hex')
  const { encryptedData } = sealUserData(key, vector, { watermark: { appid: 'wx', timestamp: 1 } })
  // This iv has a + in each place.
  const plus = vector.toString('base64')
  const rulesOf = (session_key: string) => ({ appid: 'wx', session_key, now: 1000, age_ms_max: 1000 })
  test.each([
    ['iv', { iv: plus.replaceAll('+', ' ') }, 'blank'],
    ['iv', { iv: encodeURIComponent(plus) }, 'percent-encoded'],
    ['iv', { iv: plus.slice(0, 20) }, '15 bytes instead of 16'],
    ['iv', { iv: '' }, 'empty'],
    ['encryptedData', { encryptedData: encryptedData.slice(0, -8) }, 'a multiple of 16'],
    ['encryptedData', { encryptedData: '{}' }, 'not Base64'],
    ['session_key', { session_key: key.slice(0, 16) }, '12 bytes instead of 16'],
  ])('%s: %j', (where, change, problem) => {
    const given: { session_key?: string; encryptedData: string; iv: string } = { encryptedData, iv: plus, ...change }
    const { session_key = key, ...sealed } = given
    const facts = expect.objectContaining({ where, problem: expect.stringContaining(problem) })
    expect(() => openUserData(rulesOf(session_key), sealed)).toThrow(expect.objectContaining({ code: 'ERR_MESSAGE_SHAPE', facts }))
  })
  test('untouched it opens', () => {
    expect(openUserData(rulesOf(key), { encryptedData, iv: plus })).toMatchObject({ watermark: { appid: 'wx' } })
  })
})
