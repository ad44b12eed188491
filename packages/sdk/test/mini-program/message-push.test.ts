// Message push as a server uses it: query and raw body in, a typed event or a code out.

import { virtualClock } from '@cashdesk/emulator'
import { encodingAesKey, openPushReply, sealPush, sealUrlCheck } from '@cashdesk/protocol/message-push'
import { describe, expect, test } from 'vitest'
import { createMessagePush } from '../../src/index.ts'

const encodingAESKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const trust = { appid: 'wx1', token: 'AAAAA', key: encodingAesKey(encodingAESKey) }
const TIME = 1714112445
const clock = virtualClock(TIME * 1000)
const push = createMessagePush({ appid: 'wx1', token: 'AAAAA', encodingAESKey, clock })
const message = {
  ToUserName: 'gh_1',
  FromUserName: 'oUser',
  CreateTime: 1714112445,
  MsgType: 'event',
  Event: 'wxa_trade_controlled',
  msg: '请尽快接入',
}
const sealed = sealPush(trust, {
  timestamp: '1714112445',
  nonce: '415670741',
  random: Buffer.alloc(16, 1),
  format: 'json',
  message: JSON.stringify(message),
  ToUserName: 'gh_1',
})

test('the URL check is answered with its echo, from any kind of query', () => {
  const query = sealUrlCheck(trust, { timestamp: String(TIME), nonce: '2', echostr: '4375120948345356249' })
  expect(push.verifyUrl({ ...query })).toBe('4375120948345356249')
  expect(push.verifyUrl(new URLSearchParams({ ...query }))).toBe('4375120948345356249')
  expect(() => push.verifyUrl({ ...query, signature: [query.signature, query.signature] })).toThrow(
    expect.objectContaining({ code: 'ERR_SIGN_MISSING' }),
  )
})

test('an event is verified, opened and typed', () => {
  const event = push.receive({ query: new URLSearchParams(sealed.query), body: Buffer.from(sealed.body) })
  expect(event).toEqual({ kind: 'trade_controlled', id: expect.any(String), message })
})

test('a body that a framework has parsed is refused by name', () => {
  const body = JSON.parse(sealed.body) as Uint8Array
  expect(() => push.receive({ query: sealed.query, body })).toThrow(expect.objectContaining({ code: 'ERR_BODY_PARSED' }))
})

test('plain mode is taken only where it was configured', () => {
  const body = Buffer.from(JSON.stringify(message))
  const open = createMessagePush({ appid: 'wx1', token: 'AAAAA', clock })
  expect(open.receive({ query: sealed.query, body })).toMatchObject({ kind: 'trade_controlled' })
  expect(() => push.receive({ query: sealed.query, body })).toThrow(expect.objectContaining({ code: 'ERR_PUSH_MODE' }))
  expect(() => open.receive({ query: sealed.query, body: Buffer.from(sealed.body) })).toThrow('encrypted: give encodingAESKey')
})

test('a body without measure is refused', () => {
  expect(() => push.receive({ query: sealed.query, body: Buffer.alloc(100_000) })).toThrow(
    expect.objectContaining({ code: 'ERR_MESSAGE_SHAPE' }),
  )
})

test('replies: success, or an answer sealed for WeChat', () => {
  expect(push.reply()).toBe('success')
  const reply = push.reply({ format: 'json', message: '{"ErrCode":0}' })
  expect(reply).not.toContain('ErrCode')
  expect(openPushReply(trust, reply)?.fields).toEqual({ ErrCode: 0 })
})

test('a configuration that cannot work is told at once', () => {
  expect(() => createMessagePush({ appid: 'wx1', token: '' })).toThrow(TypeError)
  expect(() => createMessagePush({ appid: 'wx1', token: 'A', encodingAESKey: 'short' })).toThrow(
    expect.objectContaining({ code: 'ERR_KEY_INVALID' }),
  )
})

describe('A10: a message is fresh', () => {
  const plainQuery = { ...sealed.query, msg_signature: undefined }
  test.each([
    ['safe mode', { encodingAESKey }, sealed.query, Buffer.from(sealed.body)],
    ['plain mode', {}, plainQuery, Buffer.from(JSON.stringify(message))],
  ])('%s: taken within five minutes either way, refused beyond', (_, mode, query, body) => {
    for (const [seconds, code] of [
      [300, 'taken'],
      [-300, 'taken'],
      [301, 'ERR_TIMESTAMP_WINDOW'],
      [-301, 'ERR_TIMESTAMP_WINDOW'],
    ] as const) {
      const at = createMessagePush({ appid: 'wx1', token: 'AAAAA', ...mode, clock: virtualClock((TIME + seconds) * 1000) })
      expect(codeOf(() => at.receive({ query, body }))).toBe(code)
    }
  })

  test('the window is the one that was configured, and the URL check has it too', () => {
    const query = sealUrlCheck(trust, { timestamp: String(TIME), nonce: '2', echostr: '1' })
    const late = { appid: 'wx1', token: 'AAAAA', encodingAESKey, clock: virtualClock((TIME + 3000) * 1000) }
    expect(codeOf(() => createMessagePush(late).verifyUrl({ ...query }))).toBe('ERR_TIMESTAMP_WINDOW')
    expect(codeOf(() => createMessagePush({ ...late, window_seconds: 3600 }).verifyUrl({ ...query }))).toBe('taken')
    expect(
      codeOf(() => createMessagePush({ ...late, window_seconds: 3600 }).receive({ query: sealed.query, body: Buffer.from(sealed.body) })),
    ).toBe('taken')
  })

  test.each(['', '1e9', '-1', '１７'])('%j is no time', (timestamp) => {
    const code = timestamp === '' ? 'ERR_SIGN_MISSING' : 'ERR_TIMESTAMP_INVALID'
    expect(codeOf(() => push.receive({ query: { ...sealed.query, timestamp }, body: Buffer.from(sealed.body) }))).toBe(code)
  })
})

function codeOf(act: () => unknown): string {
  try {
    act()
    return 'taken'
  } catch (error) {
    return (error as { code: string }).code
  }
}
