// Message push of one mini program: the URL check, messages as typed events, and replies. It takes query and raw body, so it works with any framework.

import { assertFresh, MessageError, SignatureError } from '@cashdesk/protocol'
import {
  encodingAesKey,
  openPush,
  openUrlCheck,
  PUSH_REPLY_OK,
  type PushEvent,
  type PushFormat,
  type PushQuery,
  type PushTrust,
  pushEvent,
  sealPushReply,
} from '@cashdesk/protocol/message-push'
import { type Clock, nonce, type Random, systemClock, systemRandom } from '../ports.ts'

export interface MessagePushOptions {
  appid: string
  /** The token, as entered in the console. */
  token: string
  /** 43 characters. With it only encrypted messages are accepted (安全模式, 兼容模式). Without it only plain ones (明文模式), whose signature does not cover the body. */
  encodingAESKey?: string | undefined
  /** How far a message's timestamp may be from our clock, in seconds. Default 300. A message can be replayed within it, so handle each `id` once. */
  window_seconds?: number | undefined
  clock?: Clock | undefined
  random?: Random | undefined
}

/** The query of the request: `URLSearchParams`, or the object a framework made of it. */
export type PushQueryInput = URLSearchParams | Readonly<Record<string, unknown>>

export interface MessagePush {
  /** Answers the URL check of the console: send the result back unchanged. @throws SignatureError */
  verifyUrl(query: PushQueryInput): string
  /** Verifies, decrypts and types a message. `body` is the raw bytes. @throws SignatureError, DecryptError, MessageError */
  receive(input: { query: PushQueryInput; body: Uint8Array }): PushEvent
  /** The body of the HTTP answer: `success`, or the given message for an event that expects one; encrypted in safe mode. */
  reply(answer?: { format: PushFormat; message: string }): string
}

/** @throws KeyError, TypeError if the options are not usable. */
export function createMessagePush(options: MessagePushOptions): MessagePush {
  const { appid, token, encodingAESKey, clock = systemClock, random = systemRandom } = options
  if (!appid || !token) throw new TypeError('appid and token must be given')
  const trust: PushTrust = { appid, token, key: encodingAESKey === undefined ? undefined : encodingAesKey(encodingAESKey) }
  /** The timestamp is signed and cheap to check, so it is checked first. */
  const fresh = (query: PushQuery): PushQuery => {
    if (!query.timestamp) throw new SignatureError('ERR_SIGN_MISSING', { missing: 'timestamp' })
    assertFresh(query.timestamp, clock.now(), options.window_seconds)
    return query
  }
  return {
    verifyUrl: (query) => openUrlCheck(trust, fresh(read(query))),
    receive({ query, body }) {
      if (!(body instanceof Uint8Array)) throw new MessageError('ERR_BODY_PARSED', { got: typeof body })
      return pushEvent(openPush(trust, fresh(read(query)), body))
    },
    reply(answer) {
      if (!answer) return PUSH_REPLY_OK
      return sealPushReply(trust, { ...answer, timestamp: Math.floor(clock.now() / 1000), nonce: nonce(random), random: random(16) })
    },
  }
}

/** Only single texts are taken. Many frameworks make an array of a parameter that comes twice, and an array is never a valid signature. */
function read(query: PushQueryInput): PushQuery {
  const one = (name: string): string | undefined => {
    const value = query instanceof URLSearchParams ? query.get(name) : query[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    signature: one('signature'),
    timestamp: one('timestamp'),
    nonce: one('nonce'),
    msg_signature: one('msg_signature'),
    echostr: one('echostr'),
  }
}
