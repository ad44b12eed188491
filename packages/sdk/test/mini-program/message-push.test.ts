// Message push as a server uses it: query and raw body in, a typed event or a code out.

import { encodingAesKey, openPushReply, sealPush, sealUrlCheck } from '@cashdesk/protocol/message-push'
import { expect, test } from 'vitest'
import { createMessagePush } from '../../src/index.ts'

const encodingAESKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const trust = { appid: 'wx1', token: 'AAAAA', key: encodingAesKey(encodingAESKey) }
const push = createMessagePush({ appid: 'wx1', token: 'AAAAA', encodingAESKey })
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
  const query = sealUrlCheck(trust, { timestamp: '1', nonce: '2', echostr: '4375120948345356249' })
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
  const open = createMessagePush({ appid: 'wx1', token: 'AAAAA' })
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
