// Message push: the address of each mini program, and the messages that are sent there (miniprogram-server-api §10).

import { createHash } from 'node:crypto'
import type { Clock } from '../../ports/clock.ts'
import type { Notifier } from '../notifications/notifier.ts'
import type { PushMessage, PushSettings } from './push.ts'

export interface Pushes {
  settings: Map<string, PushSettings>
  /** Sends this message now, when the mini program has an address. Gives the id of the notification. */
  announce(appid: string, message: PushMessage): string | undefined
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
  }
}

/** The original ID (原始ID): `gh_` and 12 hex digits. */
function originalIdOf(appid: string): string {
  return `gh_${createHash('sha256').update(appid).digest('hex').slice(0, 12)}`
}
