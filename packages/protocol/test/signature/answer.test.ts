// Answers and notifications: what is accepted, what is refused, and with which error.

import { describe, expect, test } from 'vitest'
import {
  assertFresh,
  assertPlausible,
  assertSigned,
  privateKey,
  publicKey,
  readAnswerSignature,
  SignatureError,
  signAnswer,
} from '../../src/index.ts'
import { openssl } from '../vectors/openssl.ts'

const key = { serial: 'PUB_KEY_ID_0100000000', privateKey: privateKey(openssl.private_key) }
const pub = publicKey(openssl.public_key)
const NOW = 1_700_000_000_000

const codeOf = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    if (error instanceof SignatureError) return error.code
    throw error
  }
  return 'accepted'
}

test('what signAnswer signs verifies, for bytes and for text', async () => {
  const headers = new Headers(await signAnswer(key, '{"a":"拿铁"}', NOW, 'n'.repeat(32)))
  const signature = readAnswerSignature(headers)
  expect(signature.serial).toBe(key.serial)
  assertPlausible(signature, NOW)
  assertSigned(signature, Buffer.from('{"a":"拿铁"}'), pub)
  expect(codeOf(() => assertSigned(signature, Buffer.from('{"a":"拿铁!"}'), pub))).toBe('ERR_SIGNATURE_MISMATCH')
  expect(codeOf(() => assertSigned(signature, Buffer.from('{"a": "拿铁"}'), pub))).toBe('ERR_SIGNATURE_MISMATCH')
})

test('two bodies that decode to the same text have different signatures', async () => {
  const replacement = Buffer.from('\ufffd')
  const signature = readAnswerSignature(new Headers(await signAnswer(key, replacement, NOW, 'nonce')))
  assertSigned(signature, replacement, pub)
  expect(codeOf(() => assertSigned(signature, Buffer.from([0xff]), pub))).toBe('ERR_SIGNATURE_MISMATCH')
})

test.each(['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Signature', 'Wechatpay-Serial'])(
  'D4: an answer without %s counts as unsigned',
  async (name) => {
    const headers = new Headers(await signAnswer(key, '', NOW, 'nonce'))
    headers.delete(name)
    expect(() => readAnswerSignature(headers)).toThrow(`missing: ${name}`)
  },
)

test('an unknown signature type is refused, and the error names it', async () => {
  const headers = new Headers(await signAnswer(key, '', NOW, 'nonce'))
  headers.set('Wechatpay-Signature-Type', 'WECHATPAY2-SM2-WITH-SM3')
  expect(codeOf(() => readAnswerSignature(headers))).toBe('ERR_SIGNATURE_TYPE')
})

test('a probe is refused as a probe, before any key is looked up', async () => {
  const headers = new Headers(await signAnswer(key, '', NOW, 'nonce'))
  headers.set('Wechatpay-Signature', `WECHATPAY/SIGNTEST/${headers.get('Wechatpay-Signature')}`)
  expect(codeOf(() => assertPlausible(readAnswerSignature(headers), NOW))).toBe('ERR_SIGNATURE_PROBE')
})

describe('the five-minute window (D6, D7)', () => {
  test.each([
    [299, 'accepted'],
    [300, 'accepted'],
    [301, 'ERR_TIMESTAMP_WINDOW'],
    [-299, 'accepted'],
    [-300, 'accepted'],
    [-301, 'ERR_TIMESTAMP_WINDOW'],
  ])('%i seconds away: %s', (seconds, expected) => {
    expect(codeOf(() => assertFresh(String(NOW / 1000 + seconds), NOW))).toBe(expected)
  })

  test.each(['abc', '', '1e9', ' 1700000000', '1700000000 ', '-1700000000', '0x65', '1700000000.0', 'NaN', '１７０００００００００'])(
    '%j is not a time',
    (timestamp) => {
      expect(codeOf(() => assertFresh(timestamp, NOW))).toBe('ERR_TIMESTAMP_INVALID')
    },
  )
})
