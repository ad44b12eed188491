// Registers handlers for the contract's routes. A handler runs only after the caller is authenticated and allowed to call it.

import { ROUTES, type Route, type RouteName } from '@cashdesk/contract'
import type { Session } from '@cashdesk/store'
import type { Context, Hono } from 'hono'
import type { ApiKey } from '../access/keys.ts'
import { keyFor, sessionFor } from '../access/who.ts'
import { Problem } from '../problem.ts'
import type { World } from '../world.ts'
import { isUnstorable } from './input.ts'

/** For the merchant's backend. The key is checked before the body: an unauthenticated caller learns nothing from validation errors. */
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

/** The value of a `{parameter}` in the path. @throws Problem not_found for a value that cannot be stored, and so cannot exist */
export function param(c: Context, name: string): string {
  const value = c.req.param(name) ?? ''
  if (isUnstorable(value)) throw new Problem('not_found')
  return value
}

/** What the server knows about a request besides the request itself. */
export interface Env {
  /** The remote address of the connection. */
  peer?: string | undefined
  /** The route that matched, for metrics. */
  route?: string
}

function hang(api: Hono, { method, path }: Route, handle: (c: Context) => Promise<Response>): void {
  api.on(method, path.replaceAll(/\{([a-z_]+)\}/g, ':$1'), (c) => {
    Object.assign(c.env as Env, { route: path })
    return handle(c)
  })
}
