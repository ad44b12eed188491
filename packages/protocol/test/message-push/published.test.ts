// The published vectors of message push and of user data.

import { describe, expect, test } from 'vitest'
import { assertRawData, openUserData, rawDataSignature, sessionSignature } from '../../src/index.ts'
import {
  encodingAesKey,
  openEnvelope,
  openPush,
  openPushReply,
  openUrlCheck,
  pushEvent,
  pushSignature,
  sealEnvelope,
} from '../../src/message-push/index.ts'
import { published } from '../vectors/published.ts'

interface Vectors {
  config: { token: string; encodingAESKey: string; appid: string }
  cases: { name: string; [field: string]: unknown }[]
}
const { config, cases } = published('mp-message-push') as unknown as Vectors
const vector = (name: string): Record<string, string> => (cases.find((one) => one.name === name) ?? {}) as unknown as Record<string, string>

describe('published vectors', () => {
  const trust = () => ({ appid: config.appid, token: config.token, key: encodingAesKey(config.encodingAESKey) })

  test('URL check', () => {
    const { echostr } = vector('url-verify')
    expect(openUrlCheck(trust(), vector('url-verify'))).toBe(echostr)
  })

  test('plain push', () => {
    const { timestamp = '', nonce = '', signature } = vector('plain-push')
    expect(pushSignature(config.token, timestamp, nonce)).toBe(signature)
  })

  test('safe push', () => {
    const { Encrypt = '', random = '', msg = '', signature_not_to_be_used = '', ...query } = vector('safe-push')
    const body = Buffer.from(JSON.stringify({ ToUserName: 'gh_97417a04a28d', Encrypt }))
    const opened = openPush(trust(), query, body)
    expect(opened.fields).toEqual(JSON.parse(msg))
    expect(pushEvent(opened)).toMatchObject({ kind: 'other', message: { Event: 'debug_demo', debug_str: 'hello world' } })
    expect(sealEnvelope(trust().key, config.appid, Buffer.from(random), msg)).toBe(Encrypt)
    expect(() => openPush(trust(), { ...query, msg_signature: signature_not_to_be_used }, body)).toThrow(
      expect.objectContaining({ code: 'ERR_SIGNATURE_MISMATCH' }),
    )
  })

  test('safe reply', () => {
    const { Encrypt = '', random = '', msg = '', MsgSignature, TimeStamp, Nonce } = vector('safe-reply')
    expect(openEnvelope(trust().key, config.appid, Encrypt)).toBe(msg)
    expect(sealEnvelope(trust().key, config.appid, Buffer.from(random), msg)).toBe(Encrypt)
    expect(openPushReply(trust(), JSON.stringify({ Encrypt, MsgSignature, TimeStamp, Nonce }))?.fields).toEqual(JSON.parse(msg))
  })

  test('signatures made with a session_key', () => {
    const raw = vector('open-data-signature')
    expect(rawDataSignature(raw['session_key'] ?? '', raw['rawData'] ?? '')).toBe(raw['signature'])
    expect(() => assertRawData(raw['session_key'] ?? '', raw['rawData'] ?? '', raw['signature'] ?? '')).not.toThrow()
    const session = vector('session-hmac')
    expect(sessionSignature(session['session_key'] ?? '', session['body'])).toBe(session['signature'])
  })

  test('encryptedData', () => {
    const {
      appid = '',
      session_key = '',
      iv = '',
      encryptedData = '',
      expect_openId,
      expect_unionId,
      expect_watermark,
    } = vector('open-data-decrypt')
    const rules = { appid, session_key, now: 1_477_314_187_000, age_ms_max: 1000 }
    expect(openUserData(rules, { encryptedData, iv })).toMatchObject({
      openId: expect_openId,
      unionId: expect_unionId,
      watermark: expect_watermark,
    })
  })
})
