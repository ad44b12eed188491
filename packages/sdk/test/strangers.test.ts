// What a stranger's message costs: about a verification, whatever its body. And what the developer whose body was re-written is told within that.

import { generateKeyPairSync } from 'node:crypto'
import { virtualClock } from '@cashdesk/emulator'
import { privateKey, signAnswer, verify } from '@cashdesk/protocol'
import { pushSignature } from '@cashdesk/protocol/message-push'
import { beforeAll, describe, expect, test } from 'vitest'
import { type CashdeskError, createMessagePush, type WechatPay } from '../src/index.ts'
import { createWechatPayV2 } from '../src/v2/index.ts'
import { aWechat, NOW, type Wechat } from './wechat.ts'

const K = 1024
let wechat: Wechat
let client: WechatPay
beforeAll(async () => {
  wechat = await aWechat()
  client = wechat.client()
})

const codeOf = async (act: () => unknown): Promise<string> => {
  try {
    await act()
    return 'accepted'
  } catch (error) {
    return (error as CashdeskError).code ?? String(error)
  }
}

/** The signature of another body. */
async function forged(serial = wechat.emulator.settings.public_key_id, body = 'other'): Promise<Headers> {
  const { public_key_private } = wechat.emulator.keys.direct
  return new Headers(await signAnswer({ serial, privateKey: privateKey(public_key_private) }, body, wechat.clock.now(), 'n'))
}

/** Median of milliseconds: a pause of the collector is not the cost. */
async function cost(act: () => unknown): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < 40; i++) {
    const begin = performance.now()
    await act()
    times.push(performance.now() - begin)
  }
  return times.sort((a, b) => a - b)[20] ?? 0
}

/** Verifications of RSA-2048 over 64 KB; the largest body a stranger can send. */
async function verification(): Promise<number> {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const signature = Buffer.alloc(256, 1).toString('base64')
  return cost(() => verify(publicKey, Buffer.alloc(64 * K), signature))
}

/** Far above what is measured (0.5–2), far below what a diagnosis or a quadratic reader costs (40–400). */
const VERIFICATIONS_MAX = 10

describe('A3: refusing a forged message costs about a verification', () => {
  const fill = (unit: string, head: string, tail: string, bytes = 64 * K): Buffer =>
    Buffer.from(head + unit.repeat(Math.floor((bytes - Buffer.byteLength(head + tail)) / Buffer.byteLength(unit))) + tail)

  test.each([
    ['CJK', fill('中', '{"a":"', '"}')],
    ['escapes', fill('\\u4e2d', '{"a":"', '"}')],
    ['slashes', fill('/', '{"a":"', '"}')],
    ['base64', fill('QUJD', '', '')],
    ['deep arrays', fill('[', '', '')],
    ['keys', Buffer.from(JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [i, 1]))))],
  ])('a v3 notification of %s under a known serial', async (_, body) => {
    const headers = await forged()
    expect(await codeOf(() => client.receive({ headers, body }))).toBe('ERR_SIGNATURE_MISMATCH')
    expect(await cost(() => codeOf(() => client.receive({ headers, body })))).toBeLessThan(VERIFICATIONS_MAX * (await verification()))
  })

  const v2Bodies: [string, Buffer][] = [
    ['ampersands', fill('&', '<xml><a>', '</a></xml>', 16 * K)],
    ['entities', fill('&amp;', '<xml><a>', '</a></xml>', 16 * K)],
    ['equal elements', fill('<a/>', '<xml>', '</xml>', 16 * K)],
    ['spaced elements', fill('<a/> ', '<xml>', '</xml>', 16 * K)],
    ['CDATA', fill('<![CDATA[]]>', '<xml><a>', '</a></xml>', 16 * K)],
    ['a tower', fill('<a>', '', '', 16 * K)],
    ['emoji', fill('😀', '<xml><a>', '</a></xml>', 16 * K)],
  ]
  test.each(v2Bodies)('v2 notifications of %s', async (_, body) => {
    const v2 = createWechatPayV2({ appid: 'wx1', mch_id: '1900000001', apiV2Key: '0'.repeat(32), signType: 'MD5' })
    const act = async () => {
      expect(await codeOf(() => v2.receivePayment(body))).not.toBe('accepted')
      expect(await codeOf(() => v2.receiveRefund(body))).not.toBe('accepted')
    }
    expect(await cost(act)).toBeLessThan(2 * VERIFICATIONS_MAX * (await verification()))
  })

  test.each([
    ['JSON keys', Buffer.from(JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [i, 1]))))],
    ['deep arrays', fill('[', '{"Encrypt":"QUJD","a":', '')],
    ['ciphertext', fill('QUJD', '{"Encrypt":"', '"}')],
    ['almost ciphertext', fill('"Encrypt":', '{', '')],
    ['XML elements', fill('<a/>', '<xml>', '</xml>')],
    ['XML almost ciphertext', fill('<Encrypt>', '<xml>', '</xml>')],
    ['blanks', fill(' ', '{', '')],
  ])('message push in safe mode: %s', async (_, body) => {
    const push = createMessagePush({ appid: 'wx1', token: 'AAAAA', encodingAESKey: 'a'.repeat(43), clock: virtualClock(NOW) })
    const query = { timestamp: String(NOW / 1000), nonce: 'n', msg_signature: '0'.repeat(40), signature: pushSignature('AAAAA', 'x') }
    const act = () => codeOf(() => push.receive({ query, body }))
    expect(await act()).toMatch(/ERR_SIGNATURE_MISMATCH|ERR_PUSH_MODE/)
    expect(await cost(act)).toBeLessThan(VERIFICATIONS_MAX * (await verification()))
  })
})

test('A3: the codes stay apart inside the SDK, and the unknown serial is a fact for the log', async () => {
  const body = Buffer.from('{}')
  expect(await codeOf(async () => client.receive({ headers: await forged(), body }))).toMatch(/^ERR_SIGNATURE_MISMATCH$/)
  const error: unknown = await client
    .receive({ headers: await forged('7132D72A03E93CDDF8C03BBD1F37EEDF00000000'), body })
    .catch((e: unknown) => e)
  expect(error).toMatchObject({ code: 'ERR_SERIAL_UNKNOWN', facts: { serial: '7132D72A03E93CDDF8C03BBD1F37EEDF00000000' } })
  const long: unknown = await client.receive({ headers: await forged('F'.repeat(5000)), body }).catch((e: unknown) => e)
  expect(long).toMatchObject({ code: 'ERR_SERIAL_UNKNOWN', facts: { serial: 'F'.repeat(64) } })
})

describe('A3, C8: the diagnosis has a budget', () => {
  const original = '{"a":"拿铁"}'
  const pretty = Buffer.from('{ "a": "拿铁" }')

  test('one a second for one client; asked for explicitly, always', async () => {
    const own = await aWechat()
    const receiver = own.client()
    const headers = async () => {
      const { public_key_private } = own.emulator.keys.direct
      const by = { serial: own.emulator.settings.public_key_id, privateKey: privateKey(public_key_private) }
      return new Headers(await signAnswer(by, original, own.clock.now(), 'n'))
    }
    const code = async () => codeOf(async () => receiver.receive({ headers: await headers(), body: pretty }))
    expect(await code()).toBe('ERR_BODY_RESERIALIZED')
    expect(await code()).toBe('ERR_SIGNATURE_MISMATCH')
    await own.clock.advance(999)
    expect(await code()).toBe('ERR_SIGNATURE_MISMATCH')
    expect(await receiver.diagnoseNotification({ headers: await headers(), body: pretty })).toBe('reserialized')
    await own.clock.advance(1)
    expect(await code()).toBe('ERR_BODY_RESERIALIZED')
  })

  test.each([
    [4096, 'ERR_BODY_ALTERED'],
    [4097, 'ERR_SIGNATURE_MISMATCH'],
  ])('a body of %i bytes: %s', async (bytes, code) => {
    const fresh = wechat.client()
    const body = `"${'x'.repeat(bytes - 3)}"`
    const headers = await forged(undefined, body)
    expect(await codeOf(() => fresh.receive({ headers, body: Buffer.from(`${body}\n`) }))).toBe(code)
    expect(await fresh.diagnoseNotification({ headers, body: Buffer.from(`${body}\n`) })).toBe('line_ends')
  })

  test.each([
    ['base64', Buffer.from(original).toString('base64'), 'base64'],
    ['latin1', Buffer.from(original).toString('latin1'), 'latin1'],
    ['a byte order mark', `\ufeff${original}`, 'byte_order_mark'],
    ['JSON in a JSON string', JSON.stringify(original), 'json_string'],
  ])('%s is named, with what to do', async (_, received, altered) => {
    const headers = await forged(undefined, original)
    const error: unknown = await wechat
      .client()
      .receive({ headers, body: Buffer.from(received) })
      .catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'ERR_BODY_ALTERED', facts: { altered, fix: expect.stringMatching(/.{20}/) } })
  })

  test('an empty body is named however many come: it costs nothing', async () => {
    const fresh = wechat.client()
    const headers = await forged(undefined, original)
    for (let i = 0; i < 3; i++) {
      const error: unknown = await fresh.receive({ headers, body: Buffer.alloc(0) }).catch((e: unknown) => e)
      expect(error).toMatchObject({
        code: 'ERR_SIGNATURE_MISMATCH',
        facts: { altered: 'empty', fix: expect.stringContaining('body parser') },
      })
    }
  })
})

describe('C8: headers of every common shape', () => {
  const entries = async (): Promise<[string, string][]> => Object.entries(Object.fromEntries(await forged(undefined, '{}')))
  const upper = (pairs: [string, string][]): [string, string][] => pairs.map(([name, value]) => [name.toUpperCase(), value])

  test.each([
    ['Headers', (all: [string, string][]) => new Headers(all)],
    ['a plain object', (all: [string, string][]) => Object.fromEntries(all)],
    ['a plain object in upper case', (all: [string, string][]) => Object.fromEntries(upper(all))],
    [
      'an object with lists and gaps',
      (all: [string, string][]) => ({ ...Object.fromEntries(all.map(([n, v]) => [n, [v]])), x: undefined, y: null }),
    ],
    ['an object without prototype', (all: [string, string][]) => Object.assign(Object.create(null), Object.fromEntries(all))],
    ['a Map in mixed case', (all: [string, string][]) => new Map(upper(all))],
    ['pairs', (all: [string, string][]) => all],
    ['an iterator of pairs', (all: [string, string][]) => new Map(all).entries()],
    [
      'a number for the timestamp',
      (all: [string, string][]) => Object.fromEntries(all.map(([n, v]) => [n, n.endsWith('timestamp') ? Number(v) : v])),
    ],
    [
      'a function over a framework',
      (all: [string, string][]) => ({ get: (name: string) => Object.fromEntries(all)[name.toLowerCase()] ?? null }),
    ],
  ])('%s are read', async (_, shape) => {
    // A verified body without shape: the signature was believed.
    expect(await codeOf(async () => client.receive({ headers: shape(await entries()), body: Buffer.from('{}') }))).toBe('ERR_MESSAGE_SHAPE')
  })

  test.each([
    ['undefined', undefined],
    ['null', null],
    ['a text', 'Wechatpay-Serial: X'],
    ['a number', 7],
    ['an empty object', {}],
    ['an empty list', []],
    ['a list of texts', ['a', 'b']],
    ['a list of null', [null]],
    ['objects as values', { 'wechatpay-timestamp': {} }],
    ['a get that is no function', { get: 'x' }],
    ['a get that gives an object', { get: () => ({}) }],
  ])('%s is a typed error', async (_, headers) => {
    // What JavaScript callers hand over, in spite of the types.
    expect(await codeOf(() => client.receive({ headers: headers as never, body: Buffer.from('{}') }))).toBe('ERR_SIGNATURE_HEADERS')
  })

  test('a header that came twice is no signature', async () => {
    const all = await entries()
    const twice = [...all, ...all.filter(([name]) => name === 'wechatpay-signature')]
    expect(await codeOf(() => client.receive({ headers: twice, body: Buffer.from('{}') }))).toBe('ERR_SIGNATURE_MISMATCH')
  })
})
