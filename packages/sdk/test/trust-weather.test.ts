// Trust survives weather: every kind of answer of GET /v3/certificates × what is known, and what becomes of notifications, orders and refunds.

import { describe, expect, test } from 'vitest'
import { CashdeskError, isRefused, type JsapiInput } from '../src/index.ts'
import { aCertificateWechat, type CertificateWechat } from './certificates.ts'

const HOUR = 3_600_000

/** Answers that prove nothing: none of them may take a certificate away, and none may give one. */
const WEATHER: readonly [string, (wechat: CertificateWechat) => () => Promise<Response>][] = [
  ['an unsigned 404 in the words of WeChat', ({ json }) => json(404, { code: 'RESOURCE_NOT_EXISTS', message: '无可用的平台证书' })],
  ['an unsigned 403 in the words of WeChat', ({ json }) => json(403, { code: 'NO_AUTH', message: '无权限' })],
  ['a 404 signed by a stranger', ({ json, keys }) => json(404, { code: 'RESOURCE_NOT_EXISTS' }, { ...strange(keys), serial: 'STRANGER' })],
  [
    'a 404 signed wrongly under a known serial',
    ({ json, keys, platform }) => json(404, { code: 'X' }, { ...strange(keys), serial: platform(keys).serial }),
  ],
  ['HTML with 200', () => async () => new Response('<html>ok</html>')],
  ['HTML with 403', () => async () => new Response('<html>blocked</html>', { status: 403 })],
  ['HTML with 404', () => async () => new Response('<html>not found</html>', { status: 404 })],
  ['HTML with 502', () => async () => new Response('<html>bad gateway</html>', { status: 502 })],
  ['an unsigned 401', ({ json }) => json(401, { code: 'SIGN_ERROR' })],
  ['an unsigned 429', ({ json }) => json(429, { code: 'FREQUENCY_LIMITED' })],
  ['a redirect', () => async () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.test/' } })],
  ['nothing with 204', () => async () => new Response(null, { status: 204 })],
  ['no answer', () => () => Promise.reject(new TypeError('fetch failed'))],
  ['an unsigned empty list', ({ json }) => json(200, { data: [] })],
  ['a signed empty list', ({ json, keys, platform }) => json(200, { data: [] }, platform(keys))],
  ['a list that no key opens', ({ json, keys, platform }) => json(200, { data: [sealedByAnother] }, platform(keys))],
  ['a list without encrypt_certificate', ({ json, keys, platform }) => json(200, { data: [{ serial_no: 'A' }, null, 7] }, platform(keys))],
  ['a signed object without data', ({ json, keys, platform }) => json(200, {}, platform(keys))],
  ['the right list under a wrong signature', ({ listOf, keys, next }) => altered(listOf(keys, next))],
]

const sealedByAnother = {
  serial_no: 'A',
  encrypt_certificate: { algorithm: 'AEAD_AES_256_GCM', nonce: 'abcdefghijkl', associated_data: 'certificate', ciphertext: 'A'.repeat(64) },
}

/** A key that is RSA but nobody's here: the merchant's own. */
function strange(keys: CertificateWechat['keys']): { privateKey: string } {
  return { privateKey: keys.direct.merchant_key }
}

function altered(answer: () => Promise<Response>): () => Promise<Response> {
  return async () => {
    const response = await answer()
    return new Response(`${await response.text()} `, response)
  }
}

const ORDER: JsapiInput = {
  appid: 'wx0000000000000001',
  description: '拿铁',
  out_trade_no: 'ORDER-1',
  notify_url: 'https://pay.example.com/notify',
  amount: { total: 1 },
  payer: { openid: 'o-1' },
}

/** What becomes of a call: `done`, or the code and the outcome of its error, which must be typed. */
async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'done'
  } catch (error) {
    if (!(error instanceof CashdeskError)) throw new Error('an error without a type', { cause: error })
    const { outcome: said } = error as { outcome?: string }
    expect(isRefused(error)).toBe(said === 'refused')
    return `${error.code} ${said}`
  }
}

const order = ({ client }: CertificateWechat): Promise<string> => outcome(client.transactions.jsapi(ORDER))
const refund = ({ client }: CertificateWechat): Promise<string> =>
  outcome(client.refunds.create({ out_trade_no: 'ORDER-1', out_refund_no: 'R1', amount: { refund: 1, total: 1, currency: 'CNY' } }))

describe.each(WEATHER)('A1: %s', (_, weather) => {
  test('takes no certificate away: known serials are believed and calls go on, for as long as the certificate is valid', async () => {
    const wechat = await aCertificateWechat()
    wechat.serve(wechat.listOf(wechat.keys))
    expect(await order(wechat)).toBe('done')
    wechat.serve(weather(wechat))
    // First by the refresh that is due, then by every unknown serial, for months.
    for (const hours of [13, 1, 100, 2000]) {
      await wechat.clock.advance(hours * HOUR)
      expect(await wechat.notified(wechat.platform(wechat.next))).toBe('ERR_SERIAL_UNKNOWN')
      expect(await wechat.notified(wechat.platform(wechat.keys))).toBe('believed')
      expect(await order(wechat)).toBe('done')
      expect(await refund(wechat)).toBe('done')
    }
    expect(wechat.downloads()).toBeGreaterThan(4)
    wechat.serve(wechat.listOf(wechat.keys, wechat.next))
    await wechat.clock.advance(61_000)
    expect(await wechat.notified(wechat.platform(wechat.next))).toBe('believed')
  })

  test('at the start gives no key: calls are not sent, notifications come again, and both work as soon as WeChat answers', async () => {
    const wechat = await aCertificateWechat()
    wechat.serve(weather(wechat))
    expect(await order(wechat)).toBe('ERR_NO_TRUSTED_KEY refused')
    expect(await refund(wechat)).toBe('ERR_NO_TRUSTED_KEY refused')
    expect(await wechat.notified(wechat.platform(wechat.keys))).toBe('ERR_SERIAL_UNKNOWN')
    wechat.serve(wechat.listOf(wechat.keys))
    await wechat.clock.advance(2000)
    expect(await order(wechat)).toBe('done')
    expect(await wechat.notified(wechat.platform(wechat.keys))).toBe('believed')
  })

  test('beside a public key changes nothing for the key, and an unknown serial is only unknown', async () => {
    const wechat = await aCertificateWechat('public key beside')
    wechat.serve(weather(wechat))
    wechat.signBy(wechat.publicKey)
    expect(await wechat.notified(wechat.platform(wechat.keys))).toBe('ERR_SERIAL_UNKNOWN')
    expect(await wechat.notified(wechat.publicKey)).toBe('believed')
    expect(await order(wechat)).toBe('done')
    expect(await refund(wechat)).toBe('done')
    // An answer signed by a certificate that could not be fetched says nothing.
    wechat.signBy(wechat.platform(wechat.keys))
    expect(await refund(wechat)).toBe('ERR_ANSWER_UNTRUSTED unknown')
  })

  test('after the only certificate has ended gives no key: nothing is sent, and nothing is believed', async () => {
    const wechat = await aCertificateWechat()
    await wechat.clock.advance(wechat.end(wechat.keys) - wechat.clock.now() - HOUR)
    wechat.serve(wechat.listOf(wechat.keys))
    expect(await order(wechat)).toBe('done')
    wechat.serve(weather(wechat))
    await wechat.clock.advance(HOUR + 1000)
    expect(await wechat.notified(wechat.platform(wechat.keys))).toBe('ERR_SERIAL_UNKNOWN')
    expect(await order(wechat)).toBe('ERR_NO_TRUSTED_KEY refused')
    expect(await refund(wechat)).toBe('ERR_NO_TRUSTED_KEY refused')
  })

  test('costs one download a minute at most, however many unknown serials strangers send', async () => {
    const wechat = await aCertificateWechat('public key beside')
    wechat.serve(weather(wechat))
    // Long enough for the pause after failures to have grown to its full length.
    for (let i = 0; i < 10; i++) {
      await wechat.notified({ ...strange(wechat.keys), serial: `FORGED${i}` })
      await wechat.clock.advance(61_000)
    }
    const before = wechat.downloads()
    for (let i = 0; i < 120; i++) {
      await wechat.clock.advance(1000)
      await wechat.notified({ ...strange(wechat.keys), serial: `FORGED${i}` })
    }
    expect(wechat.downloads() - before).toBeLessThanOrEqual(2)
  })
})

test('A1: an unknown serial asks WeChat once a minute while certificates are known, and once the pause is over it is asked again', async () => {
  const wechat = await aCertificateWechat()
  wechat.serve(wechat.listOf(wechat.keys))
  expect(await order(wechat)).toBe('done')
  for (let i = 0; i < 59; i++) {
    await wechat.clock.advance(1000)
    await wechat.notified({ ...strange(wechat.keys), serial: `FORGED${i}` })
  }
  expect(wechat.downloads()).toBe(1)
  await wechat.clock.advance(2000)
  await wechat.notified({ ...strange(wechat.keys), serial: 'FORGED' })
  expect(wechat.downloads()).toBe(2)
})

test('A1: with no certificate at all the pause grows from a second to a minute, so that strangers cannot ask every second', async () => {
  const wechat = await aCertificateWechat('public key beside')
  wechat.serve(() => Promise.reject(new TypeError('fetch failed')))
  for (let i = 0; i < 300; i++) {
    await wechat.notified({ ...strange(wechat.keys), serial: `FORGED${i}` })
    await wechat.clock.advance(1000)
  }
  // After 0, 2, 5, 10, 19, 36, 69, 130, 191, 252 seconds.
  expect(wechat.downloads()).toBeGreaterThanOrEqual(8)
  expect(wechat.downloads()).toBeLessThanOrEqual(11)
})

test('A1: a clock that was set back by a year does not stop downloads until it has caught up', async () => {
  const wechat = await aCertificateWechat()
  wechat.serve(() => Promise.reject(new TypeError('fetch failed')))
  expect(await order(wechat)).toBe('ERR_NO_TRUSTED_KEY refused')
  wechat.serve(wechat.listOf(wechat.keys))
  wechat.clock.now = (
    (now) => () =>
      now() - HOUR / 4
  )(wechat.clock.now)
  expect(await order(wechat)).toBe('done')
})

describe('A1: a merchant that has the public key only', () => {
  const NONE = { code: 'RESOURCE_NOT_EXISTS', message: '无可用的平台证书' }

  test.each([
    [404, NONE],
    [403, { code: 'NO_AUTH', message: '商户暂无权限使用此功能' }],
  ])('a signed statement (%i) is believed: strangers cause no download for hours', async (status, statement) => {
    const wechat = await aCertificateWechat('public key beside')
    wechat.serve(wechat.json(status, statement, wechat.publicKey))
    for (let i = 0; i < 100; i++) {
      await wechat.notified({ ...strange(wechat.keys), serial: `FORGED${i}` })
      await wechat.clock.advance(300_000)
    }
    expect(wechat.downloads()).toBe(1)
  })

  test('a signed statement does not take a valid certificate away either', async () => {
    const wechat = await aCertificateWechat('public key beside')
    wechat.serve(wechat.listOf(wechat.keys))
    expect(await wechat.notified(wechat.platform(wechat.keys))).toBe('believed')
    wechat.serve(wechat.json(404, NONE, wechat.publicKey))
    await wechat.clock.advance(13 * HOUR)
    expect(await wechat.notified(wechat.platform(wechat.next))).toBe('ERR_SERIAL_UNKNOWN')
    expect(await wechat.notified(wechat.platform(wechat.keys))).toBe('believed')
  })

  test('without publicKeys the error says what to do, and what WeChat said', async () => {
    const wechat = await aCertificateWechat()
    wechat.serve(wechat.json(404, NONE))
    const error: unknown = await wechat.client.transactions.jsapi(ORDER).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'ERR_NO_TRUSTED_KEY', outcome: 'refused', cause: { facts: { status: 404 } } })
    expect((error as Error).message).toContain('give publicKeys')
  })
})

test.each([206, 403, 404, 500, 502])('A1: a list that is signed as it should be counts for nothing under status %i', async (status) => {
  const wechat = await aCertificateWechat()
  wechat.serve(async () => {
    const answer = await wechat.listOf(wechat.keys)()
    return new Response(await answer.text(), { status, headers: answer.headers })
  })
  expect(await order(wechat)).toBe('ERR_NO_TRUSTED_KEY refused')
  expect(wechat.downloads()).toBe(1)
})

describe('A1: lists that are partly readable', () => {
  test('one entry that does not open hides no other', async () => {
    const wechat = await aCertificateWechat()
    const whole = await wechat.listOf(wechat.keys)()
    const { data } = (await whole.json()) as { data: unknown[] }
    wechat.serve(wechat.json(200, { data: [sealedByAnother, ...data] }, wechat.platform(wechat.keys)))
    expect(await order(wechat)).toBe('done')
  })

  test('of a list only the first twenty entries are opened, as that is work before trust', async () => {
    const wechat = await aCertificateWechat()
    const { data } = (await (await wechat.listOf(wechat.keys)()).json()) as { data: unknown[] }
    const after = (others: number) =>
      wechat.json(200, { data: [...Array.from({ length: others }, () => sealedByAnother), ...data] }, wechat.platform(wechat.keys))
    wechat.serve(after(20))
    expect(await order(wechat)).toBe('ERR_NO_TRUSTED_KEY refused')
    await wechat.clock.advance(61_000)
    wechat.serve(after(19))
    expect(await order(wechat)).toBe('done')
  })

  test('a list signed by a key that is trusted already counts, and one signed by neither does not', async () => {
    const wechat = await aCertificateWechat('public key beside')
    const { data } = (await (await wechat.listOf(wechat.next)()).json()) as { data: unknown[] }
    wechat.serve(wechat.json(200, { data }, wechat.platform(wechat.keys)))
    expect(await wechat.notified(wechat.platform(wechat.next))).toBe('ERR_SERIAL_UNKNOWN')
    await wechat.clock.advance(61_000)
    wechat.serve(wechat.json(200, { data }, wechat.publicKey))
    expect(await wechat.notified(wechat.platform(wechat.next))).toBe('believed')
  })
})
