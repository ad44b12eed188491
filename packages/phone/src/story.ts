// Puts the story together: each exchange with WeChat's verdict on it, notifications that were
// not sent, what people did, and the order that each exchange is about.

import { isFaultName, type Notification, type SeenRequest } from '@cashdesk/emulator'
import { type Exchange, shownTarget } from './exchanges.ts'

export interface Told extends Omit<Exchange, 'id'> {
  id: number | string
  /** A notification that was not sent, or did not arrive. No exchange took place. */
  unsent?: true
  /** WeChat's verdict on the request's signature. */
  verdict?: SeenRequest['verdict']
  /** The message that was signed. */
  canonical?: string
  explanation?: { en: string; zh: string }
  /** The order that it is about, if it is about exactly one. */
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

/** Removes repetitions: a browser repeats a request whose connection was dropped, so one tap without a network would appear several times. */
export function withoutEchoes(exchanges: readonly Exchange[], echo: string): Exchange[] {
  return exchanges.filter(
    ({ error, path }, i) => !(error?.includes(echo) && exchanges[i - 1]?.error === error && exchanges[i - 1]?.path === path),
  )
}

/**
 * Finds what WeChat recorded of an exchange:
 * by its nonce, which is known even when the answer was lost, or by its target, because calls of api.weixin.qq.com have no nonce.
 */
function finderOf(seen: readonly SeenRequest[]): (exchange: Exchange) => SeenRequest | undefined {
  const known = new Map<string, SeenRequest>()
  // The list begins with the newest. Of two requests with the same target, the newest is used.
  for (const one of seen) {
    const name = one.nonce_str ?? shownTarget(one.target)
    if (!known.has(name)) known.set(name, one)
  }
  return ({ nonce_str, path }) => known.get(nonce_str ?? path)
}

/** The notifications that were not sent. `offset_ms`: milliseconds between WeChat's clock and the clock that exchanges are timed with. */
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
