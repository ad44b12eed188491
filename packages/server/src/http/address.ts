// Whose address a request comes from. A peer in our own network is a proxy of ours: then it is the last that proxy was asked by, not what the caller claims.

import type { Context } from 'hono'
import { isPublicAddress } from '../webhooks/address.ts'

/** Undefined where it cannot be known: in process, or behind a proxy that does not say. */
export function addressOf(c: Context): string | undefined {
  const { peer } = c.env as { peer?: string }
  if (peer === undefined || isPublicAddress(peer)) return peer
  return c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() || undefined
}
