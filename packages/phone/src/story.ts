// What happened, put together: each exchange with what WeChat made of it, what was not sent, what people did, and which order each is about.

import { isFaultName, type Notification, type SeenRequest } from '@cashdesk/emulator'
import { type Exchange, shownTarget } from './exchanges.ts'

export interface Told extends Omit<Exchange, 'id'> {
  id: number | string
  /** A notification that was not sent, or did not arrive: no exchange took place. */
  unsent?: true
  /** What WeChat made of the request's signature. */
  verdict?: SeenRequest['verdict']
  /** The message that was signed. */
  canonical?: string
  explanation?: { en: string; zh: string }
  /** The one order that it is about. */
  out_trade_no?: string
}

export function storyOf(exchanges: readonly Exchange[], seen: readonly SeenRequest[]): Told[] {
  const find = finderOf(seen)
  return exchanges.map((exchange) => {
    const known = exchange.to === 'wechat' ? find(exchange) : undefined
    if (!known) return exchange
    const { verdict, canonical, explanation, fault } = known
    return {
      ...exchange,
      verdict,
      ...(canonical !== undefined && { canonical }),
      ...(explanation && { explanation: { en: explanation.en, zh: explanation.zh } }),
      ...(fault !== undefined && isFaultName(fault) && { fault }),
    }
  })
}

/** A browser repeats a request whose connection was dropped, so one tap without a network is several: the story tells of one. */
export function withoutEchoes(exchanges: readonly Exchange[], echo: string): Exchange[] {
  return exchanges.filter(
    ({ error, path }, i) => !(error?.includes(echo) && exchanges[i - 1]?.error === error && exchanges[i - 1]?.path === path),
  )
}

/** By its nonce, which is there also when the answer was lost; calls of api.weixin.qq.com have none, and are told by their target. */
function finderOf(seen: readonly SeenRequest[]): (exchange: Exchange) => SeenRequest | undefined {
  const known = new Map<string, SeenRequest>()
  // Newest first: of two with the same target the newest is meant.
  for (const one of seen) {
    const name = one.nonce_str ?? shownTarget(one.target)
    if (!known.has(name)) known.set(name, one)
  }
  return ({ nonce_str, path }) => known.get(nonce_str ?? path)
}

/** `offset_ms`: how far WeChat's clock is from the one that exchanges are timed with. */
export function unsentOf(notifications: readonly Notification[], offset_ms: number): Told[] {
  return notifications.flatMap(({ id, notify_url, resource, deliveries }) =>
    deliveries.flatMap(({ error, time, fault }, i): Told[] => {
      if (error !== 'lost' && error !== 'postponed') return []
      const told = { from: 'wechat', to: 'server', method: 'POST', path: new URL(notify_url).pathname, request: '' } as const
      const struck = fault !== undefined && isFaultName(fault) ? { fault } : {}
      return [{ ...told, id: `${id}.${i}`, at: Date.parse(time) - offset_ms, unsent: true, resource, ...struck }]
    }),
  )
}
