// Who asks: a merchant's backend by its API key, a phone by its session.

import type { Session } from '@cashdesk/store'
import type { Merchant } from '../merchants.ts'
import { Problem } from '../problem.ts'
import { sha256, type World } from '../world.ts'

/** The merchant that this key may act for, and that the request means. @throws Problem unauthorized, forbidden, merchant_unclear */
export function merchantFor(world: World, request: Request, wanted: string | undefined): Merchant {
  const allowed = allowedMerchants(world, request)
  const id = wanted ?? (allowed.length === 1 ? allowed[0] : undefined)
  if (id === undefined) throw new Problem('merchant_unclear')
  const merchant = allowed.includes(id) ? world.merchants.get(id) : undefined
  if (!merchant) throw new Problem('forbidden')
  return merchant
}

export function allowedMerchants(world: World, request: Request): readonly string[] {
  const allowed = world.merchantsOfKey(bearer(request) ?? '')
  if (!allowed) throw new Problem('unauthorized')
  return allowed
}

/** @throws Problem session_invalid */
export async function sessionFor(world: World, request: Request): Promise<Session> {
  const token = bearer(request)
  if (token === undefined) throw new Problem('session_invalid')
  const session = await world.store.transaction((tx) => tx.sessions.find(sha256(token), world.clock.now()))
  if (!session) throw new Problem('session_invalid')
  return session
}

function bearer(request: Request): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,256})$/.exec(request.headers.get('authorization') ?? '')?.[1]
}
