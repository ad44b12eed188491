// Subscribe messages: each time that a user accepts a template, one message may be sent (miniprogram-server-api §6).

import type { SubscribeMessage } from '@cashdesk/protocol/spec'
import type { Journal } from '../kept/journal.ts'
import type { Part } from '../kept/part.ts'
import { Errcode } from './errcode.ts'

export interface SentMessage extends SubscribeMessage {
  appid: string
  /** Epoch ms. */
  sent_at: number
}

/** How many messages of each template may still be sent to each user. */
export interface Subscriptions extends Part<readonly (readonly [name: string, left: number])[]> {
  /** Adds what the user accepted in wx.requestSubscribeMessage. Gives the number of messages that may now be sent. */
  accept(appid: string, openid: string, template_id: string, times: number): number
  /** Sends one message. @throws Errcode 43101 */
  send(appid: string, message: SubscribeMessage, now: number): void
  /** The messages that were sent, newest last. */
  messages(): readonly SentMessage[]
  /** The same messages as a kept part: one list once there is a message, none before. */
  sent: Part<readonly (readonly SentMessage[])[]>
}

const KEPT_MAX = 200

export function createSubscriptions(journal: Journal): Subscriptions {
  const left = new Map<string, number>()
  const setLeft = (key: string, count: number): void => {
    left.set(key, count)
    journal.put('subscriptions', [key, count])
  }
  let sent: SentMessage[] = []
  return {
    accept(appid, openid, template_id, times) {
      const key = `${appid}/${openid}/${template_id}`
      setLeft(key, (left.get(key) ?? 0) + times)
      return left.get(key) ?? 0
    },
    send(appid, message, now) {
      const key = `${appid}/${message.touser}/${message.template_id}`
      const count = left.get(key) ?? 0
      if (count === 0) throw new Errcode(43101)
      setLeft(key, count - 1)
      sent = [...sent.slice(1 - KEPT_MAX), { ...message, appid, sent_at: now }]
      journal.put('sent', sent)
    },
    messages: () => sent,
    save: () => [...left],
    restore(saved) {
      for (const [key, count] of saved) left.set(key, count)
    },
    reset: () => left.clear(),
    sent: {
      save: () => (sent.length > 0 ? [sent] : []),
      restore([messages = []]) {
        sent = [...messages]
      },
      reset() {
        sent = []
      },
    },
  }
}
