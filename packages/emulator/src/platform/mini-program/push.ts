// Composes one message push: its address and its bytes, from the settings of the mini program (miniprogram-server-api §10).

import { encodingAesKey, formatPush, type PushFormat, type PushTrust, sealPush } from '@cashdesk/protocol/message-push'
import type { FaultName } from '../../faults/catalogue.ts'
import type { Clock } from '../../ports/clock.ts'
import { type Random, randomDigits } from '../../ports/random.ts'

/** Faults that a push cannot have: it carries no time of signing, and an altered message in safe mode is the same as a wrong signature. */
export const PUSH_IMPOSSIBLE: readonly FaultName[] = ['notification.probe', 'notification.stale', 'notification.altered']

/** The settings as entered in the console. */
export interface PushSettings {
  url: string
  token: string
  /** 43 characters; switches to safe mode. When absent, messages are sent unencrypted. */
  encoding_aes_key?: string
  format: PushFormat
}

export type PushMessage = Readonly<Record<string, unknown>>

function pushTrust(appid: string, { token, encoding_aes_key }: PushSettings): PushTrust {
  return { appid, token, ...(encoding_aes_key !== undefined && { key: encodingAesKey(encoding_aes_key) }) }
}

/** One POST: its address with the query, its content type and its body. A `stranger` knows the address and the content, but not the token. */
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
