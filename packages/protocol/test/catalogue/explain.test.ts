// explain(): for anything that a developer may pass it gives cause and fix, or says that it is unknown.

import { describe, expect, test } from 'vitest'
import { API_CODES, CLIENT_MESSAGES, explain, REQUEST_ID_CODES } from '../../src/catalogue/index.ts'
import { CashdeskError, V3_ERRORS } from '../../src/index.ts'

test.each([
  ['ORDER_NOT_EXIST', 'api code'],
  ['ORDERNOTEXIST', 'api code'],
  ['order_paid', 'api code'],
  ['268498688', 'internal code'],
  ['08E68E97CC0610DF0618AC86BCA80120082880CF05-268498688', 'request id'],
  ['requestPayment:fail cancel', 'client message'],
  ['支付验证签名失败', 'client message'],
  ['ERR_SERIAL_UNKNOWN', 'our error'],
  ['err_decrypt', 'our error'],
])('%s is a known %s', (subject, kind) => {
  const found = explain(subject)
  expect(found).toMatchObject({ known: true, kind })
  if (!found.known) return
  expect(found.explained.what.zh).toMatch(/[\u4e00-\u9fff]/)
  expect(found.explained.fix.en.length).toBeGreaterThan(5)
  expect(found.explained.causes.length).toBeGreaterThan(0)
})

test.each([
  ['08E68E97CC0610DF0618AC86BCA80120082880CF05-268578704', 'request id', '268578704'],
  ['999999999', 'internal code', '999999999'],
  ['08E68E97CC0610DF0618AC86BCA80120082880CF05-0', 'request id', '0'],
  ['hello', 'unknown', 'hello'],
  ['', 'unknown', ''],
  ['constructor', 'unknown', 'constructor'],
])('%j is reported as unknown', (subject, kind, code) => {
  expect(explain(subject)).toMatchObject({
    known: false,
    kind,
    code,
    hint: { en: expect.any(String), zh: expect.stringMatching(/[\u4e00-\u9fff]/) },
  })
})

test('WeChat’s code in an error comes before our own code', () => {
  const error = (facts: Record<string, string>) => new CashdeskError('ERR_API', facts)
  expect(explain(error({ wechat_code: 'NOT_ENOUGH' }))).toMatchObject({ kind: 'api code', explained: { code: 'NOT_ENOUGH' } })
  expect(explain(error({ wechat_code: 'INVALID_REQUEST', request_id: '08E68E97CC0610DF0618AC86BCA80120-268498688' }))).toMatchObject({
    kind: 'request id',
  })
  expect(explain(error({ wechat_code: 'NEVER_HEARD_OF' }))).toMatchObject({ kind: 'our error', explained: { code: 'ERR_API' } })
})

describe('the catalogue is complete', () => {
  const codes = new Set(Object.values(V3_ERRORS).flatMap((errors) => errors.map(({ code }) => code)))
  test.each([...codes])('%s, which an endpoint may answer, is explained', (code) => {
    expect(explain(code)).toMatchObject({ known: true, kind: 'api code' })
  })

  test('no code is explained twice', () => {
    for (const list of [API_CODES, REQUEST_ID_CODES, CLIENT_MESSAGES]) {
      expect(new Set(list.map((one) => one.code.replaceAll('_', ''))).size).toBe(list.length)
    }
  })
})
