// Rules of WeChat that are official or seen by two, each with the test that holds the emulator to it. `npm run rules` lists those without one.

import { existsSync, readFileSync } from 'node:fs'

interface Rule {
  /** Sheet and section. */
  source: string
  rule: string
  /** Folder of tests of the emulator, and words of the test's name there. */
  test?: readonly [file: string, words: string]
  /** Why there is no test. */
  not?: string
}

const TESTS = new URL('../packages/emulator/test/', import.meta.url)

export const RULES: readonly Rule[] = [
  { source: 'v3-protocol §1', rule: 'one API behind the main and the backup host', test: ['tls.test.ts', 'api2.mch.weixin.qq.com'] },
  { source: 'v3-protocol §1', rule: 'HTTPS only', not: 'loopback: plain HTTP is accepted, TLS on request' },
  { source: 'v3-protocol §1', rule: 'no characters of four bytes in texts', test: ['http/v3/validate.test.ts', 'four bytes'] },
  {
    source: 'v3-protocol §1',
    rule: 'null and unknown fields are refused, amounts are integers',
    test: ['http/v3/validate.test.ts', 'null'],
  },
  { source: 'v3-protocol §1', rule: 'times are RFC 3339', test: ['platform/notifier.test.ts', 'a payment is notified'] },
  {
    source: 'v3-protocol §1',
    rule: '200 with a body, 204 without',
    test: ['http/v3/jsapi.test.ts', 'closing answers 204 signed over an empty body'],
  },
  { source: 'v3-protocol §2', rule: 'the signature covers the target as sent', test: ['start.test.ts', 'the request line as sent'] },
  {
    source: 'v3-protocol §2',
    rule: 'query values in the order sent',
    test: ['http/v3/gate.test.ts', 'the raw query string, in the order sent'],
  },
  {
    source: 'v3-protocol §2',
    rule: 'a timestamp over 5 minutes away is refused before the signature',
    test: ['http/v3/gate.test.ts', 'seconds away is refused before'],
  },
  { source: 'v3-protocol §2', rule: 'the signature covers the exact bytes of the body', test: ['http/v3/explain.test.ts', 'in an order'] },
  { source: 'v3-protocol §2', rule: 'SHA256withRSA, PKCS#1 v1.5', test: ['http/v3/explain.test.ts', 'another algorithm'] },
  { source: 'v3-protocol §2', rule: 'upload of files', not: 'no endpoint of the JSAPI flow uploads' },
  { source: 'v3-protocol §2', rule: 'a download is signed over path and token', test: ['http/v3/bills.test.ts', '§5.2'] },
  {
    source: 'v3-protocol §2',
    rule: 'mchid of the header is mchid of the body',
    test: ['http/v3/jsapi.test.ts', 'the mchid in the body must be the one that signed'],
  },
  {
    source: 'v3-protocol §2',
    rule: 'Accept and User-Agent where WeChat looks',
    test: ['http/v3/gate.test.ts', 'before they look at Authorization'],
  },
  {
    source: 'v3-protocol §3',
    rule: 'errMsg of wx.requestPayment; ok is no proof',
    test: ['platform/cashier.test.ts', 'paying answers ok'],
  },
  {
    source: 'v3-protocol §4',
    rule: 'refusals of the front end are unsigned',
    test: ['http/v3/gate.test.ts', 'a wrong signature is refused unsigned'],
  },
  { source: 'v3-protocol §4', rule: 'business refusals are signed', test: ['http/v3/answers.test.ts', 'a business refusal is signed'] },
  {
    source: 'v3-protocol §5',
    rule: 'probes begin WECHATPAY/SIGNTEST/; a correct notification follows',
    test: ['faults/faults.test.ts', 'a probe is followed by a correct one'],
  },
  {
    source: 'v3-protocol §6',
    rule: 'old and new platform certificate overlap',
    test: ['http/v3/rotation.test.ts', 'published first and switched later'],
  },
  {
    source: 'v3-protocol §6',
    rule: '1000 downloads a second and merchant',
    test: ['faults/traffic.test.ts', 'more calls in one second than the limit'],
  },
  {
    source: 'v3-protocol §7',
    rule: 'the public key is the merchant’s own',
    test: ['http/v3/answers.test.ts', 'settings say what the certificates say'],
  },
  {
    source: 'v3-protocol §7',
    rule: 'Wechatpay-Serial selects the key of the answer',
    test: ['http/v3/answers.test.ts', 'Wechatpay-Serial'],
  },
  {
    source: 'v3-protocol §7',
    rule: 'sensitive fields are sealed with it too',
    test: ['http/v3/profit-sharing.test.ts', 'the name comes back sealed'],
  },
  { source: 'v3-protocol §7', rule: 'notifications move over in a grey period', test: ['platform/notifier.test.ts', 'in the grey period'] },
  {
    source: 'v3-protocol §7',
    rule: 'the ratio shown in the console; not together with a rotation',
    not: 'there is no console, and both may be tried here',
  },
  {
    source: 'v3-protocol §11',
    rule: 'Request-ID ends with the internal code',
    test: ['http/v3/answers.test.ts', 'Request-ID ends with the internal code'],
  },
  {
    source: 'v3-protocol §12',
    rule: '404 and 405 are empty',
    test: ['http/v3/gate.test.ts', 'an unknown path is 404 and a wrong method 405'],
  },
  { source: 'v3-protocol §12', rule: 'texts for a bad Authorization', test: ['http/v3/gate.test.ts', '401 SIGN_ERROR'] },
  {
    source: 'v3-protocol §12',
    rule: 'text for another serial',
    test: ['http/v3/gate.test.ts', 'a serial that is not the merchant certificate’s'],
  },
  { source: 'v3-protocol §12', rule: 'certificate expired', test: ['http/v3/merchant-certificates.test.ts', 'expired'] },
  { source: 'v3-protocol §12', rule: 'certificate revoked', test: ['http/v3/merchant-certificates.test.ts', 'revoked'] },
  { source: 'v3-protocol §12', rule: 'certificate replaced', test: ['http/v3/merchant-certificates.test.ts', 'replaced'] },
  { source: 'v3-protocol §12', rule: 'a merchant without APIv3 key or certificate', not: 'every merchant here has both' },
  { source: 'v3-protocol §12', rule: 'a total of 0', test: ['http/v3/validate.test.ts', 'total'] },
  {
    source: 'v3-protocol §12',
    rule: 'appid not bound; openid of another appid',
    test: ['http/v3/jsapi.test.ts', 'the appid must be bound, and the openid must belong to it'],
  },
  { source: 'v3-protocol §12', rule: 'a closed or expired order', test: ['http/v3/jsapi.test.ts', 'a closed order and an expired one'] },
  { source: 'v3-protocol §12', rule: 'every documented code can be had', test: ['http/v3/error-codes.test.ts', 'is %i'] },
  { source: 'v3-endpoints §1.2', rule: 'seven days by default', test: ['http/v3/jsapi.test.ts', 'closes by itself after seven days'] },
  { source: 'v3-endpoints §1.2', rule: 'under a minute counts as a minute', test: ['http/v3/jsapi.test.ts', 'counts as one minute'] },
  { source: 'v3-endpoints §1.2', rule: 'past it the order cannot be paid', test: ['platform/cashier.test.ts', 'closed, expired'] },
  { source: 'v3-endpoints §7', rule: 'a sub-order is at most 10,000,000 yuan', test: ['http/v3/combine.test.ts', 'ten million'] },
  {
    source: 'v3-notifications §3',
    rule: 'any 2xx is taken; the status wins over the body; no redirects',
    test: ['platform/notifier.test.ts', 'the status wins over the body'],
  },
  { source: 'v3-notifications §3', rule: 'five seconds', test: ['platform/notifier.test.ts', 'no answer within five seconds'] },
  { source: 'v3-notifications §3', rule: '15 retries in 24 h 4 min', test: ['platform/notifier.test.ts', 'sixteen times in 24 h 4 min'] },
  { source: 'v3-notifications §3', rule: 'duplicates, also after success', test: ['faults/faults.test.ts', 'notification.doubled'] },
  {
    source: 'v3-notifications §8',
    rule: 'only receiving merchants are told of a share',
    test: ['http/v3/profit-sharing.test.ts', 'told at the address it set'],
  },
  { source: 'merchant-transfer §1', rule: 'queries reach back 30 days', test: ['http/v3/transfers.test.ts', 'only the last 30 days'] },
  { source: 'merchant-transfer §2', rule: '¥0.10 to ¥200; a name from ¥2000', test: ['http/v3/transfers.test.ts', 'limits'] },
  { source: 'merchant-transfer §3', rule: 'unconfirmed after 24 hours is FAIL', test: ['http/v3/transfers.test.ts', 'OVERDUE_CLOSE'] },
]

/** Rules whose test is not there, or that have neither a test nor a reason. The test's file must name the section. */
export function rulesWithoutTest(): string[] {
  return RULES.filter((rule) => rule.not === undefined && !held(rule)).map(({ source, rule }) => `${source}: ${rule}`)
}

function held({ source, test }: Rule): boolean {
  if (!test) return false
  const file = new URL(test[0], TESTS)
  if (!existsSync(file)) return false
  const text = readFileSync(file, 'utf8')
  const [sheet = '', section = ''] = source.split(' ')
  return text.includes(test[1]) && text.includes(sheet) && new RegExp(`${section}(?![\\d])`).test(text)
}

if (import.meta.main) {
  const missing = rulesWithoutTest()
  for (const line of missing) console.log(line)
  for (const { source, rule, not } of RULES) if (not !== undefined) console.log(`(${source}: ${rule} — ${not})`)
  console.log(`${RULES.length} rules, ${missing.length} without a test`)
  process.exit(missing.length === 0 ? 0 : 1)
}
