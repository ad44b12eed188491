// The Authorization header, formatted and parsed.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Authorization, formatAuthorization, parseAuthorization } from '../../src/index.ts'

const sample: Authorization = {
  mchid: '1900000001',
  nonce_str: 'N'.repeat(32),
  timestamp: '1700000000',
  serial_no: '0A1B',
  signature: 'c2ln',
}

test('a formatted Authorization is parsed back', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9+/=]{1,40}$/)
  fc.assert(
    fc.property(fc.record({ mchid: word, nonce_str: word, timestamp: word, serial_no: word, signature: word }), (a) => {
      expect(parseAuthorization(formatAuthorization(a))).toEqual(a)
    }),
  )
})

test('the pairs may come in any order', () => {
  const pairs = Object.entries(sample).map(([name, value]) => `${name}="${value}"`)
  fc.assert(
    fc.property(fc.shuffledSubarray(pairs, { minLength: 5 }), (order) => {
      expect(parseAuthorization(`WECHATPAY2-SHA256-RSA2048 ${order.join(',')}`)).toEqual(sample)
    }),
  )
})

test.each([
  ['', 'part: scheme'],
  ['Bearer abc', 'part: scheme'],
  ['WECHATPAY2-SHA256-RSA2048', 'part: pair'],
  [formatAuthorization(sample).replace('WECHATPAY2', 'wechatpay2'), 'part: scheme'],
  [formatAuthorization(sample).replaceAll('"', "'"), 'part: pair'],
  [formatAuthorization(sample).replace(',serial_no', ', serial_no'), 'part: pair'],
  [formatAuthorization(sample).replace(/,serial_no="[^"]*"/, ''), 'part: serial_no'],
  [`${formatAuthorization(sample)},mchid="2"`, 'part: mchid'],
  [formatAuthorization({ ...sample, signature: '' }), 'part: signature'],
])('refused: %s', (header, message) => {
  expect(() => parseAuthorization(header)).toThrow(message)
})
