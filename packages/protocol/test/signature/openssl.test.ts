// Our signatures and openssl's are the same bytes.

import { expect, test } from 'vitest'
import {
  answerMessage,
  certificate,
  privateKey,
  publicKey,
  requestMessage,
  requestPayment,
  requestPaymentMessage,
  sign,
  verify,
  verifyRequestPayment,
} from '../../src/index.ts'
import { openssl } from '../vectors/openssl.ts'

const { timestamp, nonce, body, signatures } = openssl
const key = privateKey(openssl.private_key)
const pub = publicKey(openssl.public_key)

test.each([
  [
    'a request with a query and Chinese text',
    requestMessage('POST', '/v3/pay/transactions/jsapi?a=%20b', timestamp, nonce, body),
    signatures.request,
  ],
  ['a request without a body', requestMessage('GET', '/v3/certificates', timestamp, nonce, ''), signatures.empty],
  ['an answer', answerMessage(timestamp, nonce, Buffer.from(body)), signatures.answer],
  ['an empty answer (204)', answerMessage(timestamp, nonce, new Uint8Array()), signatures.nothing],
  [
    'the payment fields',
    requestPaymentMessage('wx0123456789abcdef', timestamp, nonce, 'prepay_id=wx26112221580621e9b071c00d9e093b0000'),
    signatures.pay,
  ],
])('%s', async (_, message, signature) => {
  expect(await sign(key, message)).toBe(signature)
  expect(verify(pub, message, signature)).toBe(true)
  expect(verify(pub, Buffer.concat([message, Buffer.from(' ')]), signature)).toBe(false)
})

test('the certificate made by openssl keeps the leading zero of its serial', () => {
  expect(certificate(openssl.certificate).serial_no).toBe(openssl.serial_no)
  expect(certificate(openssl.certificate).publicKey.equals(pub)).toBe(true)
})

test('requestPayment makes the five fields, and the verifier accepts them only for their appid', async () => {
  const input = { appid: 'wx0123456789abcdef', prepay_id: 'wx26112221580621e9b071c00d9e093b0000', nonceStr: nonce, now: 1_700_000_000_999 }
  const fields = await requestPayment(input, (message) => sign(key, message))
  expect(fields).toEqual({
    timeStamp: timestamp,
    nonceStr: nonce,
    package: `prepay_id=${input.prepay_id}`,
    signType: 'RSA',
    paySign: signatures.pay,
  })
  expect(verifyRequestPayment('wx0123456789abcdef', fields, pub)).toBe(true)
  expect(verifyRequestPayment('wx0123456789abcdee', fields, pub)).toBe(false)
})

test.each([
  '',
  'abc',
  `${signatures.answer}\n`,
  signatures.answer.slice(1),
  `WECHATPAY/SIGNTEST/${signatures.answer}`,
  `${signatures.answer}====`,
])('text that is not strict base64 is a wrong signature, not a crash: %j', (signature) => {
  expect(verify(pub, answerMessage(timestamp, nonce, body), signature)).toBe(false)
})

test('each signature has exactly one text: other last bits, which a decoder ignores, are refused', () => {
  const text = signatures.answer
  expect(text).toMatch(/==$/)
  const last = text.charAt(text.length - 3)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const twin = `${text.slice(0, -3)}${alphabet.charAt(alphabet.indexOf(last) + 1)}==`
  expect(Buffer.from(twin, 'base64').equals(Buffer.from(text, 'base64'))).toBe(true)
  expect(verify(pub, answerMessage(timestamp, nonce, body), twin)).toBe(false)
})
