// Authenticates callers: a merchant's backend by its API key, a phone by its session.

import type { Scope } from '@cashdesk/contract'
import type { Session } from '@cashdesk/store'
import type { Context } from 'hono'
import { Problem } from '../problem.ts'
import type { Merchant } from '../wechat/merchant.ts'
import type { World } from '../world.ts'
import { limitKeyOf } from './address.ts'
import { sha256 } from './hash.ts'
import type { ApiKey } from './keys.ts'

/** The API key of a request, if it has the scope. @throws Problem unauthorized, scope_missing, too_many_requests */
export async function keyFor(world: World, c: Context, scope: Scope): Promise<ApiKey> {
  const key = await world.findKey(bearer(c.req.raw) ?? '', limitKeyOf(world, c))
  if (!key) throw new Problem('unauthorized')
  world.limiters.api_key.take(key.id)
  if (!key.scopes.includes(scope)) throw new Problem('scope_missing', { scope })
  return key
}

/**
 * The merchant that the request is about. One that the key may not act for is answered as if it did not exist (reliability J1).
 * @throws Problem not_found, merchant_unclear
 */
export function merchantFor(world: World, key: ApiKey, wanted: string | undefined): Merchant {
  const id = wanted ?? (key.merchants.length === 1 ? key.merchants[0] : undefined)
  if (id === undefined) throw new Problem('merchant_unclear')
  const merchant = key.merchants.includes(id) ? world.merchants.get(id) : undefined
  if (!merchant) throw new Problem('not_found')
  return merchant
}

/** The session of a phone's request. @throws Problem session_invalid, too_many_requests */
export async function sessionFor(world: World, c: Context): Promise<Session> {
  const token = bearer(c.req.raw)
  if (!token?.startsWith('ct_')) throw new Problem('session_invalid')
  const session = await world.strangers.lookUp(token, limitKeyOf(world, c), () =>
    world.store.transaction((tx) => tx.sessions.find(sha256(token), world.clock.now())),
  )
  if (!session) throw new Problem('session_invalid')
  world.limiters.session.take(session.token_hash)
  return session
}

function bearer(request: Request): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,256})$/.exec(request.headers.get('authorization') ?? '')?.[1]
}
