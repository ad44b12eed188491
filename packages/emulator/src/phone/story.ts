// What happened, put together: each exchange with what WeChat made of its signature, and each notification with what was sealed in it.

import { FAULTS } from '../faults/catalogue.ts'
import type { SeenRequest } from '../http/seen.ts'
import type { Notification } from '../platform/notification.ts'
import type { Exchange } from './exchanges.ts'

export interface Told extends Omit<Exchange, 'id'> {
  id: number | string
  /** A notification that never arrived: no exchange took place. */
  lost?: true
  /** What WeChat made of the request's signature. */
  verdict?: SeenRequest['verdict']
  /** The message that was signed. */
  canonical?: string
  explanation?: { en: string; zh: string }
  /** The fault that struck. */
  fault?: string
  /** What is sealed in a notification. */
  resource?: unknown
}

export function storyOf(exchanges: readonly Exchange[], seen: readonly SeenRequest[], notifications: readonly Notification[]): Told[] {
  const byRequestId = new Map(seen.flatMap((one) => (one.request_id === undefined ? [] : [[one.request_id, one] as const])))
  const byId = new Map(notifications.map((one) => [one.id, one]))
  return exchanges.map((exchange) => {
    if (exchange.from === 'wechat') return withResource(exchange, byId)
    const known = exchange.request_id === undefined ? undefined : byRequestId.get(exchange.request_id)
    if (!known) return exchange
    const { verdict, canonical, explanation, fault } = known
    return {
      ...exchange,
      verdict,
      ...(canonical !== undefined && { canonical }),
      ...(explanation && { explanation: { en: explanation.en, zh: explanation.zh } }),
      ...(fault !== undefined && { fault }),
    }
  })
}

function withResource(exchange: Exchange, notifications: ReadonlyMap<string, Notification>): Told {
  const id = /"id":"([0-9a-f-]{36})"/.exec(exchange.request)?.[1]
  const found = id === undefined ? undefined : notifications.get(id)
  return found ? { ...exchange, resource: found.resource } : exchange
}

/** Deliveries that were lost on the way. Nobody exchanged anything, so they are read from what WeChat knows of its notifications. */
export function lostOf(notifications: readonly Notification[]): Told[] {
  return notifications.flatMap(({ id, notify_url, resource, deliveries }) =>
    deliveries.flatMap(({ error, time }, i): Told[] => {
      if (error !== 'lost') return []
      const path = new URL(notify_url).pathname
      const told = { from: 'wechat', to: 'server', method: 'POST', path, request: '', fault: 'notification.lost' } as const
      return [{ ...told, id: `${id}.${i}`, at: Date.parse(time), lost: true, resource, explanation: FAULTS['notification.lost'] }]
    }),
  )
}
