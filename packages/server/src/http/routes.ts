// Hangs a handler at a route of the contract: who asks is settled, and may do it, before the handler sees anything.

import { ROUTES, type Route, type RouteName } from '@cashdesk/contract'
import type { Session } from '@cashdesk/store'
import type { Context, Hono } from 'hono'
import type { ApiKey } from '../access/keys.ts'
import { keyFor, sessionFor } from '../access/who.ts'
import { Problem } from '../problem.ts'
import type { World } from '../world.ts'
import { isUnstorable } from './input.ts'

/** For the merchant's backend. The key comes before the body: a stranger learns nothing from our schema's complaints. */
export function onKey(api: Hono, world: World, name: RouteName, handle: (c: Context, key: ApiKey) => Promise<Response>): void {
  const { who } = ROUTES[name]
  if (who === 'anyone' || who === 'session') throw new TypeError(`${name} is not for API keys`)
  hang(api, ROUTES[name], async (c) => handle(c, await keyFor(world, c, who)))
}

/** For a phone that has logged in. */
export function onSession(api: Hono, world: World, name: RouteName, handle: (c: Context, session: Session) => Promise<Response>): void {
  hang(api, ROUTES[name], async (c) => handle(c, await sessionFor(world, c)))
}

export function onAnyone(api: Hono, name: RouteName, handle: (c: Context) => Promise<Response>): void {
  hang(api, ROUTES[name], handle)
}

/** What a `{parameter}` of the path holds. @throws Problem not_found for a name that nothing can have */
export function param(c: Context, name: string): string {
  const value = c.req.param(name) ?? ''
  if (isUnstorable(value)) throw new Problem('not_found')
  return value
}

/** What is known of a request beyond itself. */
export interface Env {
  /** The address at the other end of the connection. */
  peer?: string | undefined
  /** Which route took it, for metrics. */
  route?: string
}

function hang(api: Hono, { method, path }: Route, handle: (c: Context) => Promise<Response>): void {
  api.on(method, path.replaceAll(/\{([a-z_]+)\}/g, ':$1'), (c) => {
    Object.assign(c.env as Env, { route: path })
    return handle(c)
  })
}
