// Message push: where each mini program wants its messages, and what goes there (miniprogram-server-api §10).

import { createHash } from 'node:crypto'
import { encodingAesKey, formatPush, type PushFormat, type PushTrust, sealPush } from '@cashdesk/protocol/message-push'
import type { FaultName } from '../../faults/catalogue.ts'
import type { Clock } from '../../ports/clock.ts'
import { type Random, randomDigits } from '../../ports/random.ts'
import type { Notifier } from '../notifier.ts'

/** What cannot be wrong with a push: nothing says when it was signed, and what is altered in safe mode has a wrong signature. */
export const PUSH_IMPOSSIBLE: readonly FaultName[] = ['notification.probe', 'notification.stale', 'notification.altered']

/** As entered in the console. */
export interface PushSettings {
  url: string
  token: string
  /** 43 characters: safe mode. Without it messages go out in the clear. */
  encoding_aes_key?: string
  format: PushFormat
}

export type PushMessage = Readonly<Record<string, unknown>>

export interface Pushes {
  settings: Map<string, PushSettings>
  /** Due at once, when this mini program has an address. Gives the id of the notification. */
  announce(appid: string, message: PushMessage): string | undefined
  reset(): void
}

export function createPushes(clock: Clock, settings: Map<string, PushSettings>, notifier: Notifier): Pushes {
  return {
    settings,
    announce(appid, message) {
      const target = settings.get(appid)
      if (!target) return undefined
      const account = originalIdOf(appid)
      const resource = {
        ToUserName: account,
        FromUserName: account,
        CreateTime: Math.floor(clock.now() / 1000),
        MsgType: 'event',
        ...message,
      }
      const event_type = String(message['Event'] ?? resource.MsgType)
      return notifier.announce({
        notify_url: target.url,
        event_type,
        original_type: 'push',
        summary: '消息推送',
        resource,
        push: { appid },
      })
    },
    reset: () => settings.clear(),
  }
}

/** 原始ID: `gh_` and 12 digits of hex. */
function originalIdOf(appid: string): string {
  return `gh_${createHash('sha256').update(appid).digest('hex').slice(0, 12)}`
}

export function pushTrust(appid: string, { token, encoding_aes_key }: PushSettings): PushTrust {
  return { appid, token, ...(encoding_aes_key !== undefined && { key: encodingAesKey(encoding_aes_key) }) }
}

/** One POST: its address with the query, its type and its body. A `stranger` knows the address and the words, but not the token. */
export function composePush(
  { clock, random }: { clock: Clock; random: Random },
  { appid, settings, message }: { appid: string; settings: PushSettings; message: PushMessage },
  stranger: boolean,
): { url: string; type: string; body: string } {
  const trust = pushTrust(appid, settings)
  const { format } = settings
  const { query, body } = sealPush(stranger ? { ...trust, token: randomDigits(random, 16) } : trust, {
    timestamp: String(Math.floor(clock.now() / 1000)),
    nonce: randomDigits(random, 10),
    random: random(16),
    format,
    message: formatPush(format, message),
    ToUserName: String(message['ToUserName']),
  })
  const url = new URL(settings.url)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return { url: url.href, type: format === 'json' ? 'application/json' : 'text/xml', body }
}
