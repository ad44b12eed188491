// v2 signatures: ours and another client's are equal; the type is agreed beforehand; req_info opens for every MD5 of a key.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  apiV2Key,
  assertSignedV2,
  openReqInfo,
  openV2,
  sealReqInfo,
  sealV2,
  signV2,
  v2RequestPayment,
  verifyV2RequestPayment,
} from '../../src/v2/index.ts'
import { oracle } from './oracle.ts'

const KEY = '192006250b4c09247ec02edce69f6a2d'
const key = apiV2Key(KEY)
const types = ['MD5', 'HMAC-SHA256'] as const
const fieldSets = fc.dictionary(fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,20}$/), fc.string({ unit: 'grapheme', maxLength: 30 }), {
  minKeys: 1,
})

describe.each(types)('%s', (type) => {
  test('a third-party client makes the same signature', () => {
    fc.assert(
      fc.property(fieldSets, (fields) => {
        expect(signV2(key, type, fields)).toBe(oracle.Hash.sign(type, fields, KEY))
      }),
    )
  })

  test('a signed message verifies, and a changed one does not', () => {
    const signed = { appid: 'wx1', total_fee: 1, attach: '' }
    const sign = signV2(key, type, signed)
    expect(() => assertSignedV2(key, type, { ...signed, sign })).not.toThrow()
    for (const forged of [
      { ...signed, total_fee: 9, sign },
      { ...signed, extra: 'x', sign },
      { appid: 'wx1', sign },
      { ...signed, sign: sign.toLowerCase() },
      { ...signed, sign: `${sign}0` },
    ]) {
      expect(() => assertSignedV2(key, type, forged)).toThrow(expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }))
    }
    expect(() => assertSignedV2(apiV2Key('x'.repeat(32)), type, { ...signed, sign })).toThrow(
      expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }),
    )
  })

  test('D25: a message without a signature is refused', () => {
    for (const fields of [{ appid: 'wx1' }, { appid: 'wx1', sign: '' }, { appid: 'wx1', sign: undefined }]) {
      expect(() => assertSignedV2(key, type, fields)).toThrow(expect.objectContaining({ code: 'ERR_SIGN_MISSING' }))
    }
  })

  test('D26: the sender does not choose the signature type', () => {
    const other = type === 'MD5' ? 'HMAC-SHA256' : 'MD5'
    const silent = { appid: 'wx1' }
    expect(() => assertSignedV2(key, type, { ...silent, sign: signV2(key, other, silent) })).toThrow(
      expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }),
    )
    const loud = { appid: 'wx1', sign_type: other }
    expect(() => assertSignedV2(key, type, { ...loud, sign: signV2(key, other, loud) })).toThrow(
      expect.objectContaining({ code: 'ERR_SIGNATURE_TYPE' }),
    )
    expect(() => assertSignedV2(key, type, { ...loud, sign: signV2(key, type, loud) })).toThrow(
      expect.objectContaining({ code: 'ERR_SIGNATURE_TYPE' }),
    )
  })

  test('a message survives a round trip', () => {
    fc.assert(
      fc.property(fieldSets, (fields) => {
        fc.pre(
          !('sign' in fields) &&
            !('sign_type' in fields) &&
            Object.values(fields).every((v) => /^[\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]+$/u.test(v)),
        )
        const { sign, ...opened } = openV2({ key, signType: type }, sealV2({ key, signType: type }, fields))
        expect(opened).toEqual({ ...fields })
        expect(sign).toHaveLength(type === 'MD5' ? 32 : 64)
      }),
    )
  })

  test('signType is part of the signed payment fields', () => {
    const trust = { key, signType: type }
    const fields = v2RequestPayment(trust, { appid: 'wx1', prepay_id: 'wx201', nonceStr: 'N', now: 1_490_840_662_000 })
    expect(fields).toMatchObject({ timeStamp: '1490840662', package: 'prepay_id=wx201', signType: type })
    const { paySign, ...signed } = fields
    expect(paySign).toBe(oracle.Hash.sign(type, { appId: 'wx1', ...signed }, KEY))
    expect(verifyV2RequestPayment(trust, 'wx1', fields)).toBe(true)
    expect(verifyV2RequestPayment(trust, 'wx2', fields)).toBe(false)
    expect(verifyV2RequestPayment(trust, 'wx1', { ...fields, package: 'prepay_id=wx202' })).toBe(false)
    expect(verifyV2RequestPayment({ key, signType: type === 'MD5' ? 'HMAC-SHA256' : 'MD5' }, 'wx1', fields)).toBe(false)
  })
})

describe('req_info', () => {
  test('what is sealed can be opened, here and by a third-party client', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
        fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 32 }),
        (text, secret) => {
          const sealed = sealReqInfo(apiV2Key(secret), text)
          expect(openReqInfo(apiV2Key(secret), sealed)).toBe(text)
          expect(oracle.Aes.AesEcb.decrypt(sealed, oracle.Hash.md5(secret))).toBe(text)
          // That client omits the full block of PKCS#7 padding when the text fills its blocks.
          if (Buffer.byteLength(text) % 16 !== 0) expect(oracle.Aes.AesEcb.encrypt(text, oracle.Hash.md5(secret))).toBe(sealed)
        },
      ),
    )
  })

  test.each(['', '!!!!', 'AAAA', 'q'.repeat(64)])('%j is refused', (sealed) => {
    expect(() => openReqInfo(key, sealed)).toThrow(expect.objectContaining({ code: 'ERR_DECRYPT_V2' }))
  })
})

test.each(['short', 'x'.repeat(33)])('a key of another length is not an APIv2 key: %s', (text) => {
  expect(() => apiV2Key(text)).toThrow(expect.objectContaining({ code: 'ERR_KEY_INVALID' }))
})
