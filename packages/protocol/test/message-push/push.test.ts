// Message push: URL check, plain and safe mode, replies. Each refusal has its code, and damage never causes an untyped error.

import { createCipheriv, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CashdeskError } from '../../src/index.ts'
import {
  encodingAesKey,
  openEnvelope,
  openPush,
  openPushReply,
  openUrlCheck,
  type PushFormat,
  type PushTrust,
  pushEvent,
  pushSignature,
  sealEnvelope,
  sealPush,
  sealPushReply,
  sealUrlCheck,
} from '../../src/message-push/index.ts'
import { formatFields } from '../../src/v2/index.ts'
import { mutations } from '../v2/mutations.ts'

const key = encodingAesKey('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG')
const safe: PushTrust = { appid: 'wxba5fad812f8e6fb9', token: 'AAAAA', key }
const plain: PushTrust = { appid: safe.appid, token: safe.token }
const random = Buffer.from('0123456789abcdef')
const at = { timestamp: '1714112445', nonce: '415670741' }

const settlement = {
  ToUserName: 'gh_1',
  FromUserName: 'oUser',
  CreateTime: 1714112445,
  MsgType: 'event',
  Event: 'trade_manage_order_settlement',
  transaction_id: '42000001',
  merchant_id: '1900000001',
  merchant_trade_no: 'ORDER-1',
  pay_time: 1714000000,
  shipped_time: 1714000500,
  estimated_settlement_time: 1714900000,
}
const text = (format: PushFormat, message: object): string => (format === 'json' ? JSON.stringify(message) : formatFields({ ...message }))
const push = (trust: PushTrust, format: PushFormat, message: object = settlement) =>
  sealPush(trust, { ...at, random, format, message: text(format, message), ToUserName: 'gh_1' })

describe.each([
  ['safe mode', safe],
  ['plain mode', plain],
])('%s', (_, trust) => {
  test.each(['json', 'xml'] as const)('an event in %s', (format) => {
    const { query, body } = push(trust, format)
    const opened = openPush(trust, query, Buffer.from(body))
    expect(opened.format).toBe(format)
    expect(pushEvent(opened)).toEqual({ kind: 'order_settlement', id: expect.stringMatching(/^[0-9a-f]{40}$/), message: settlement })
  })

  test('a wrong signature is refused', () => {
    const { query, body } = push(trust, 'json')
    const forged = { ...query, signature: '0'.repeat(40), msg_signature: '0'.repeat(40) }
    expect(() => openPush(trust, forged, Buffer.from(body))).toThrow(expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }))
    expect(() => openPush({ ...trust, token: 'BBBBB' }, query, Buffer.from(body))).toThrow(
      expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }),
    )
    expect(() => openPush(trust, { ...query, nonce: '1' }, Buffer.from(body))).toThrow(
      expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }),
    )
  })

  test('a signature with a missing part is refused', () => {
    const { query, body } = push(trust, 'json')
    for (const name of ['timestamp', 'nonce', trust.key ? 'msg_signature' : 'signature']) {
      expect(() => openPush(trust, { ...query, [name]: undefined }, Buffer.from(body))).toThrow(
        expect.objectContaining({ code: 'ERR_SIGN_MISSING' }),
      )
    }
  })

  test.each(['json', 'xml'] as const)('an answer of our own in %s', (format) => {
    const body = sealPushReply(trust, {
      timestamp: 1713424427,
      nonce: '415670741',
      random,
      format,
      message: text(format, { demo_resp: 'good luck' }),
    })
    expect({ ...openPushReply(trust, body)?.fields }).toEqual({ demo_resp: 'good luck' })
  })
})

test('an answer of success, or of nothing, has no contents', () => {
  expect(openPushReply(safe, 'success')).toBeNull()
  expect(openPushReply(safe, '')).toBeNull()
})

describe('safe mode', () => {
  test('refuses a plain message, although its own signature is right', () => {
    const { query, body } = push(plain, 'json')
    expect(() => openPush(safe, query, Buffer.from(body))).toThrow(expect.objectContaining({ code: 'ERR_PUSH_MODE' }))
  })

  test('refuses the plain signature in place of msg_signature', () => {
    const { query, body } = push(safe, 'json')
    expect(() => openPush(safe, { ...query, msg_signature: query['signature'] }, Buffer.from(body))).toThrow(
      expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }),
    )
  })

  test('ignores fields outside the ciphertext', () => {
    const { query, body } = push(safe, 'json')
    const opened = openPush(safe, query, Buffer.from(JSON.stringify({ ...JSON.parse(body), Event: 'wxa_trade_controlled', msg: 'x' })))
    expect(pushEvent(opened)).toMatchObject({ kind: 'order_settlement' })
  })

  test('refuses a message for another program', () => {
    const { query, body } = push({ ...safe, appid: 'wxother' }, 'json')
    expect(() => openPush(safe, query, Buffer.from(body))).toThrow(expect.objectContaining({ code: 'ERR_MESSAGE_TENANT' }))
  })

  test('refuses a message sealed with another key', () => {
    const { query, body } = push({ ...safe, key: encodingAesKey('x'.repeat(43)) }, 'json')
    expect(() => openPush(safe, query, Buffer.from(body))).toThrow(expect.objectContaining({ code: 'ERR_DECRYPT_PUSH' }))
  })
})

describe('URL check', () => {
  const query = sealUrlCheck(safe, { ...at, echostr: '4375120948345356249' })
  test('returns the echo unchanged', () => expect(openUrlCheck(safe, query)).toBe('4375120948345356249'))
  test('refuses a wrong signature', () => {
    expect(() => openUrlCheck(safe, { ...query, nonce: '2' })).toThrow(expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }))
    expect(() => openUrlCheck(safe, { ...query, signature: undefined })).toThrow(expect.objectContaining({ code: 'ERR_SIGN_MISSING' }))
    expect(() => openUrlCheck(safe, { ...query, echostr: undefined })).toThrow(expect.objectContaining({ code: 'ERR_SIGN_MISSING' }))
  })
})

describe('events', () => {
  const base = { ToUserName: 'gh_1', FromUserName: 'oUser', CreateTime: 1, MsgType: 'event' }
  const event = (message: object) => pushEvent({ format: 'json', fields: { ...message } })
  test.each([
    ['wxa_trade_controlled', { msg: 'm' }, 'trade_controlled'],
    ['trade_manage_remind_access_api', { msg: 'm' }, 'remind_access_api'],
    ['trade_manage_remind_shipping', { ...settlement, msg: 'm' }, 'remind_shipping'],
    ['debug_demo', { debug_str: 'hello world' }, 'other'],
    ['constructor', {}, 'other'],
  ])('%s', (Event, more, kind) => {
    expect(event({ ...base, ...more, Event })).toMatchObject({ kind, message: { Event } })
  })

  test('the same message has the same id, and another order in the same second has another id', () => {
    expect(event(settlement).id).toBe(event({ ...settlement }).id)
    expect(event({ ...settlement, transaction_id: '42000002' }).id).not.toBe(event(settlement).id)
    expect(event({ ...base, MsgId: 1 }).id).not.toBe(event({ ...base, MsgId: 2 }).id)
    expect(event(settlement).id).not.toContain('oUser')
  })

  test.each(['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'transaction_id', 'merchant_trade_no', 'pay_time'])(
    'an event without %s is refused',
    (name) => {
      for (const value of [undefined, '', {}]) {
        expect(() => event({ ...settlement, [name]: value })).toThrow(expect.objectContaining({ code: 'ERR_MESSAGE_SHAPE' }))
      }
    },
  )

  test.each([-1, 1.5, '1e3', 'soon', null])('%j is not a time', (pay_time) => {
    expect(() => event({ ...settlement, pay_time })).toThrow(expect.objectContaining({ code: 'ERR_MESSAGE_SHAPE' }))
  })
})

test('a sealed message can be opened at every length of padding', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), fc.uint8Array({ minLength: 16, maxLength: 16 }), (message, bytes) => {
      expect(openEnvelope(key, 'wx1', sealEnvelope(key, 'wx1', bytes, message))).toBe(message)
    }),
  )
})

test('text that is not ciphertext is refused', () => {
  for (const sealed of ['', 'AAAA', '!'.repeat(64), randomBytes(64).toString('base64'), randomBytes(48).toString('base64')]) {
    expect(() => openEnvelope(key, 'wx1', sealed)).toThrow(CashdeskError)
  }
})

test('every byte of the padding is checked, not only the last', () => {
  const iv = key.export().subarray(0, 16)
  const seal = (padding: Buffer): string => {
    const length = Buffer.from([0, 0, 0, 1])
    const cipher = createCipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
    return Buffer.concat([cipher.update(Buffer.concat([random, length, Buffer.from('mwx1'), padding])), cipher.final()]).toString('base64')
  }
  expect(openEnvelope(key, 'wx1', seal(Buffer.alloc(8, 8)))).toBe('m')
  for (const padding of [
    [8, 8, 8, 8, 8, 8, 9, 8],
    [0, 0, 0, 0, 0, 0, 0, 0],
    [33, 33, 33, 33, 33, 33, 33, 33],
  ]) {
    expect(() => openEnvelope(key, 'wx1', seal(Buffer.from(padding)))).toThrow(expect.objectContaining({ code: 'ERR_DECRYPT_PUSH' }))
  }
})

test('an EncodingAESKey has 43 characters', () => {
  for (const bad of ['', 'a'.repeat(42), 'a'.repeat(44), `${'a'.repeat(42)}!`])
    expect(() => encodingAesKey(bad)).toThrow(expect.objectContaining({ code: 'ERR_KEY_INVALID' }))
})

describe('D27: a damaged message is refused with a typed error', () => {
  const refusedOr = (act: () => unknown): unknown => {
    try {
      return act()
    } catch (error) {
      if (error instanceof CashdeskError) return 'refused'
      throw error
    }
  }

  test.each(['json', 'xml'] as const)(
    'safe mode, %s: only the original message is ever accepted',
    (format) => {
      const { query, body } = push(safe, format)
      const whole = openPush(safe, query, Buffer.from(body)).fields
      fc.assert(
        fc.property(mutations(body), (damaged) => {
          const result = refusedOr(() => openPush(safe, query, damaged).fields)
          if (result !== 'refused') expect(result).toEqual(whole)
        }),
        { numRuns: 8000 },
      )
    },
    60_000,
  )

  test.each(['json', 'xml'] as const)(
    'plain mode, %s',
    (format) => {
      const { query, body } = push(plain, format)
      fc.assert(
        fc.property(mutations(body), (damaged) => void refusedOr(() => pushEvent(openPush(plain, query, damaged)))),
        { numRuns: 8000 },
      )
    },
    60_000,
  )
})

test('a JSON body cannot change a prototype', () => {
  const body = Buffer.from(`{"__proto__":{"polluted":1},${JSON.stringify(settlement).slice(1)}`)
  const { query } = push(plain, 'json')
  pushEvent(openPush(plain, query, body))
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
})

test('the parts of a signature are sorted', () => expect(pushSignature('b', 'a', 'c')).toBe(pushSignature('c', 'b', 'a')))
