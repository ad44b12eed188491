// Rules of WeChat that are official or confirmed by two sources, each with the emulator's test of it. `npm run rules` lists rules without a test.

import { existsSync, readFileSync } from 'node:fs'

interface Rule {
  /** Sheet and section. */
  source: string
  rule: string
  /** A test file below packages/emulator/test, and words of the test's name. */
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
  { source: 'v3-protocol §1', rule: 'times are RFC 3339', test: ['platform/notifications/notifier.test.ts', 'a payment is notified'] },
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
  {
    source: 'v3-protocol §2',
    rule: 'a download is signed over path and token',
    test: ['http/v3/bills.test.ts', 'a file is its merchant’s alone'],
  },
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
    test: ['platform/cashier/cashier.test.ts', 'paying answers ok'],
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
  {
    source: 'v3-protocol §7',
    rule: 'notifications move over in a grey period',
    test: ['platform/notifications/notifier.test.ts', 'in the grey period'],
  },
  {
    source: 'v3-protocol §4',
    rule: 'names of headers are spelled as WeChat spells them',
    test: ['wire/names.test.ts', 'B1: a signed answer of v3'],
  },
  {
    source: 'v3-protocol §6',
    rule: 'a merchant with the public key only has no certificates',
    test: ['merchant-keys.test.ts', 'B3: a merchant with the public key only'],
  },
  {
    source: 'v3-protocol §7',
    rule: 'a key that the merchant does not have cannot be asked for',
    test: ['merchant-keys.test.ts', 'B3: a key that the merchant does not have'],
  },
  {
    source: 'v3-protocol §12',
    rule: 'detail of a value and of unknown fields',
    test: ['http/v3/validate.test.ts', 'B11: fields that WeChat does not know'],
  },
  {
    source: 'v3-endpoints §2',
    rule: 'members of a queried order, and the empty ones',
    test: ['live/live-answers.test.ts', 'B4: an unpaid order, asked for'],
  },
  {
    source: 'v3-endpoints §4',
    rule: 'members of a refund, and the empty ones',
    test: ['live/live-answers.test.ts', 'B5: a refund, made and told'],
  },
  {
    source: 'v3-endpoints §6',
    rule: 'PENDING receivers and the released rest',
    test: ['live/live-answers.test.ts', 'B6: a share of which the rest is released'],
  },
  {
    source: 'v3-notifications §1',
    rule: 'headers and envelope of a notification',
    test: ['wire/names.test.ts', 'B1: a notification over v3 has the names of WeChat'],
  },
  {
    source: 'v3-notifications §5',
    rule: 'members of a payment notification, attach also when there was none',
    test: ['live/live-answers.test.ts', 'B5: a paid order without attach'],
  },
  {
    source: 'v3-notifications §6',
    rule: 'members of a refund notification',
    test: ['live/live-answers.test.ts', 'B5: a refund, made and told'],
  },
  {
    source: 'v3-notifications §7',
    rule: 'the openid of each appid',
    test: ['live/live-answers.test.ts', 'B7: a combined order paid by sub_openid'],
  },
  {
    source: 'transfers-more §1',
    rule: 'exactly the infos of the scene, a perception of the scene',
    test: ['http/v3/transfers.test.ts', 'B9: scene %s with exactly its infos'],
  },
  {
    source: 'bills §1',
    rule: 'the bill of a day can be had at ten the next morning',
    test: ['platform/time.test.ts', 'B12: the clock goes to the morning'],
  },
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
  { source: 'v3-endpoints §1.2', rule: 'past it the order cannot be paid', test: ['platform/cashier/cashier.test.ts', 'closed, expired'] },
  { source: 'v3-endpoints §7', rule: 'a sub-order is at most 10,000,000 yuan', test: ['http/v3/combine.test.ts', 'ten million'] },
  {
    source: 'v3-notifications §3',
    rule: 'any 2xx is taken; the status wins over the body; no redirects',
    test: ['platform/notifications/notifier.test.ts', 'the status wins over the body'],
  },
  {
    source: 'v3-notifications §3',
    rule: 'five seconds',
    test: ['platform/notifications/notifier.test.ts', 'no answer within five seconds'],
  },
  {
    source: 'v3-notifications §3',
    rule: '15 retries in 24 h 4 min',
    test: ['platform/notifications/notifier.test.ts', 'sixteen times in 24 h 4 min'],
  },
  { source: 'v3-notifications §3', rule: 'duplicates, also after success', test: ['faults/faults.test.ts', 'notification.doubled'] },
  {
    source: 'v3-notifications §8',
    rule: 'only receiving merchants are told of a share',
    test: ['http/v3/profit-sharing.test.ts', 'told at the address it set'],
  },
  { source: 'merchant-transfer §1', rule: 'queries reach back 30 days', test: ['http/v3/transfers.test.ts', 'only the last 30 days'] },
  { source: 'merchant-transfer §2', rule: '¥0.10 to ¥200; a name from ¥2000', test: ['http/v3/transfers.test.ts', 'limits'] },
  { source: 'merchant-transfer §3', rule: 'unconfirmed after 24 hours is FAIL', test: ['http/v3/transfers.test.ts', 'OVERDUE_CLOSE'] },
  {
    source: 'security-echo §1',
    rule: 'the sealed text comes back sealed to the merchant, and again as a notification',
    test: ['http/v3/security.test.ts', 'plain, sealed and as a notification'],
  },
  {
    source: 'v2-protocol §1',
    rule: 'every answer is HTTP 200; a FAIL of return_code is not signed',
    test: ['http/v2/gate.test.ts', 'every refusal of the message is HTTP 200'],
  },
  {
    source: 'v2-protocol §1',
    rule: 'refunds and the fund flow bill show the client certificate',
    test: ['http/v2/certificate.test.ts', 'does not refund'],
  },
  { source: 'v2-protocol §1', rule: 'XML without DTD or entities', test: ['http/v2/gate.test.ts', '<!DOCTYPE'] },
  {
    source: 'v2-protocol §2',
    rule: 'MD5 or HMAC-SHA256, upper case, over the sorted fields that have a value',
    test: ['http/v2/gate.test.ts', 'a signature that was made wrongly is explained'],
  },
  {
    source: 'v2-protocol §3',
    rule: 'the same order gives a fresh prepay_id, another is OUT_TRADE_NO_USED',
    test: ['http/v2/orders.test.ts', 'the same order again gives a fresh prepay_id'],
  },
  { source: 'v2-protocol §3', rule: 'a prepay_id lives two hours', test: ['http/v2/orders.test.ts', 'a prepay_id lives two hours'] },
  {
    source: 'v2-protocol §3',
    rule: 'time_expire ends paying, not the order',
    test: ['http/v2/orders.test.ts', 'ends paying, not the order'],
  },
  {
    source: 'v2-protocol §4',
    rule: 'signType is signed and is the order’s',
    test: ['http/v2/orders.test.ts', 'paySign is made as the order was signed'],
  },
  {
    source: 'v2-protocol §5',
    rule: 'of an unpaid order numbers and state are told',
    test: ['http/v2/orders.test.ts', 'an unpaid order tells its state and numbers'],
  },
  {
    source: 'v2-protocol §6',
    rule: 'closing may be repeated; ORDERPAID, ORDERNOTEXIST',
    test: ['http/v2/orders.test.ts', 'closing: unknown, unpaid, closed again, paid'],
  },
  {
    source: 'v2-protocol §7',
    rule: 'the same out_refund_no is the same refund',
    test: ['http/v2/refunds.test.ts', 'the same again is the same'],
  },
  {
    source: 'v2-protocol §7',
    rule: 'a year after the payment at most',
    test: ['http/v2/refunds.test.ts', 'after a year a refund is too late'],
  },
  {
    source: 'v2-protocol §8',
    rule: 'ten refunds to an answer, offset for the rest',
    test: ['http/v2/refunds.test.ts', 'ten rows to an answer'],
  },
  {
    source: 'v2-protocol §9',
    rule: 'the file is the answer; No Bill Exist, 20002',
    test: ['http/v2/bills.test.ts', 'no bill, not yet, wrong words'],
  },
  {
    source: 'v2-protocol §9',
    rule: 'the fund flow bill is signed with HMAC-SHA256 only',
    test: ['http/v2/bills.test.ts', 'takes HMAC-SHA256 only'],
  },
  {
    source: 'v2-protocol §10',
    rule: 'only return_code SUCCESS under 200 is an answer',
    test: ['platform/notifications/v2-notifications.test.ts', 'is no answer: it comes again'],
  },
  {
    source: 'v2-protocol §11',
    rule: 'sealed with the MD5 of the key, not signed',
    test: ['platform/notifications/v2-notifications.test.ts', 'sealed and unsigned'],
  },
  { source: 'v2-protocol §13', rule: 'v2 and v3 are one bank', test: ['journeys/v2.test.ts', 'what v2 ordered, v3 queries and refunds'] },
  {
    source: 'miniprogram-server-api §0',
    rule: 'errors are HTTP 200 with errcode and rid',
    test: ['http/mini-program/jscode2session.test.ts', 'with a rid'],
  },
  {
    source: 'miniprogram-server-api §1',
    rule: 'a code works once, for five minutes, for its program',
    test: ['http/mini-program/jscode2session.test.ts', 'a code works once'],
  },
  {
    source: 'miniprogram-server-api §2',
    rule: 'one session_key counts: the newest',
    test: ['http/mini-program/users.test.ts', 'ends the first session key'],
  },
  {
    source: 'miniprogram-server-api §3',
    rule: 'a stable token is the same for all, renewed five minutes early',
    test: ['http/mini-program/tokens.test.ts', 'the stable token is the same for all'],
  },
  {
    source: 'miniprogram-server-api §3',
    rule: 'force at most 20 times a day, 30 seconds apart',
    test: ['http/mini-program/tokens.test.ts', '20 times a day'],
  },
  {
    source: 'miniprogram-server-api §3',
    rule: 'a new plain token leaves the old one five minutes',
    test: ['http/mini-program/tokens.test.ts', 'the families do not touch'],
  },
  {
    source: 'miniprogram-server-api §4',
    rule: 'a phone code is no login code; once, five minutes',
    test: ['http/mini-program/users.test.ts', 'a phone code is of one mini program'],
  },
  {
    source: 'miniprogram-server-api §6',
    rule: 'one acceptance is one message',
    test: ['journeys/mini-program.test.ts', 'one acceptance, one message'],
  },
  {
    source: 'miniprogram-server-api §7',
    rule: 'a payer’s unionid for five minutes',
    test: ['http/mini-program/users.test.ts', 'five minutes long'],
  },
  {
    source: 'miniprogram-server-api §8.1',
    rule: 'express settles by itself after ten days',
    test: ['journeys/mini-program.test.ts', 'ten days later'],
  },
  {
    source: 'miniprogram-server-api §8.3',
    rule: 'one re-shipping; the same again is 10060023',
    test: ['http/mini-program/shipping.test.ts', 'shipped anew once'],
  },
  {
    source: 'miniprogram-server-api §8.7',
    rule: 'trade_manage_order_settlement when shipped and when settled',
    test: ['journeys/mini-program.test.ts', 'each pushed'],
  },
  {
    source: 'miniprogram-server-api §10',
    rule: 'the push address gives echostr back',
    test: ['http/control/message-push.test.ts', 'is not taken'],
  },
  {
    source: 'v3-protocol §8',
    rule: 'certificates are sealed with the APIv3 key',
    test: ['http/v3/answers.test.ts', 'the platform certificate comes sealed'],
  },
  {
    source: 'v3-protocol §9',
    rule: 'a name comes back sealed for the merchant',
    test: ['http/v3/profit-sharing.test.ts', 'the name comes back sealed'],
  },
  {
    source: 'v3-protocol §13',
    rule: 'the same number with the same contents is the same',
    test: ['http/v3/jsapi.test.ts', 'the same order again gives the same prepay_id'],
  },
  {
    source: 'v3-protocol §14',
    rule: 'limits per path and merchant',
    test: ['faults/traffic.test.ts', 'more calls in one second than the limit'],
  },
  {
    source: 'v3-endpoints §3',
    rule: 'closing: unpaid, again, never ordered, paid',
    test: ['http/v3/jsapi.test.ts', 'closing a number before it was ordered burns it'],
  },
  { source: 'v3-endpoints §5', rule: 'bills: when, whose, sealed by a token', test: ['http/v3/bills.test.ts', 'bill is made from 09:00'] },
  {
    source: 'v3-notifications §4',
    rule: 'event types of refunds',
    test: ['http/v3/refunds.test.ts', 'is PROCESSING, then SUCCESS, and the merchant is told'],
  },
  {
    source: 'merchant-transfer §4',
    rule: 'wx.requestMerchantTransfer: confirmed, cancelled, failed',
    test: ['http/v3/transfers.test.ts', 'the user turns away, it fails'],
  },
  {
    source: 'merchant-transfer §5',
    rule: 'the notification of a transfer',
    test: ['http/v3/transfers.test.ts', 'who confirms; the merchant is told'],
  },
  { source: 'merchant-transfer §6', rule: 'every documented code can be had', test: ['http/v3/error-codes.test.ts', 'is %i'] },
  { source: 'merchant-transfer §7', rule: 'limits of a transfer', test: ['http/v3/transfers.test.ts', '§7 limits'] },
  { source: 'bills §2', rule: 'the trade bill, byte for byte', test: ['http/v3/bills.test.ts', 'the file byte for byte'] },
  { source: 'bills §3', rule: 'the fund-flow bill of an account', test: ['http/v3/bills.test.ts', 'the accounts OPERATION and FEES'] },
  {
    source: 'bills §4',
    rule: 'the sealed bill of a sub-merchant',
    test: ['http/v3/bills.test.ts', 'of a sub-merchant is sealed for its provider'],
  },
]

/** Sections of the sheets from which no rule is listed, and why. A test holds the two lists together to the sheets: a new section must be in one of them. */
export const SECTIONS_WITHOUT_RULE: Readonly<Record<string, string>> = {
  'v3-protocol §10': 'SM2 and SM4 are refused (differences.md)',
  'v3-protocol §15': 'what clients get wrong: packages/conformance',
  'v3-endpoints §0': 'a list of paths: test/http/v3/every-rule.test.ts has each that has a body',
  'v3-endpoints §8': 'a reference to another sheet',
  'v3-endpoints §9': 'open conflicts: differences.md says which reading is taken',
  'v3-notifications §2': 'what a merchant does with a notification',
  'v3-notifications §9': 'what a merchant asks when none came',
  'transfers-more §2': 'not there yet (differences.md)',
  'transfers-more §3': 'not there yet (differences.md)',
  'transfers-more §4': 'not there yet (differences.md)',
  'v2-protocol §12': 'other test systems',
  'v2-protocol §14': 'what is not verified',
  'miniprogram-server-api §5': 'how a server reads what the phone sends: packages/protocol',
  'miniprogram-server-api §9': 'not there yet (differences.md)',
  'miniprogram-server-api §11': 'addresses that lead nowhere (differences.md)',
  'miniprogram-server-api §11b': 'not there yet (differences.md)',
  'miniprogram-server-api §12': 'rules for domains of a real mini program',
  'miniprogram-server-api §13': 'an outline of this emulator',
  'bills §5': 'its columns are not known (differences.md)',
  'bills §6': 'other products',
  'bills §7': 'reports about readers of bills',
}

const SHEETS_DIR = new URL('../docs/reference/wechat/', import.meta.url)

/** The sheets whose rules the emulator mirrors. */
export const SHEETS: readonly string[] = [
  ...[
    'v3-protocol',
    'v3-endpoints',
    'v3-notifications',
    'merchant-transfer',
    'transfers-more',
    'v2-protocol',
    'miniprogram-server-api',
    'bills',
  ],
]

/** Sections of the sheets that neither list knows. */
export function sectionsCheckedNowhere(): string[] {
  const known = new Set([...RULES.map(({ source }) => source.replace(/(§\d+b?).*/, '$1')), ...Object.keys(SECTIONS_WITHOUT_RULE)])
  return SHEETS.flatMap((sheet) => {
    const text = readFileSync(new URL(`${sheet}.md`, SHEETS_DIR), 'utf8')
    return [...text.matchAll(/^## (\d+b?)\. /gm)].map(([, section]) => `${sheet} §${section}`)
  }).filter((section) => !known.has(section))
}

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
  for (const line of [...missing, ...sectionsCheckedNowhere()]) console.log(line)
  for (const { source, rule, not } of RULES) if (not !== undefined) console.log(`(${source}: ${rule} — ${not})`)
  console.log(`${RULES.length} rules, ${missing.length} without a test`)
  process.exit(missing.length === 0 ? 0 : 1)
}
