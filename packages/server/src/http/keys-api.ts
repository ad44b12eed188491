// Creates, lists and revokes API keys over the API (scope `admin`). This works also while a server has its SQLite file open.

import {
  type ApiKeyAnswer,
  type CreateApiKeyRequest,
  type CreatedApiKeyAnswer,
  createApiKeyRequest,
  type RevokedApiKeysAnswer,
  revokeApiKeyQuery,
  type Scope,
} from '@cashdesk/contract'
import type { ApiKeyRow, OperatorAct, Tx } from '@cashdesk/store'
import { Hono } from 'hono'
import { type ApiKey, newKey } from '../access/keys.ts'
import { merchantFor } from '../access/who.ts'
import { Problem } from '../problem.ts'
import type { World } from '../world.ts'
import { body, query } from './input.ts'
import { onKey, param } from './routes.ts'

export function keysApi(world: World): Hono {
  const api = new Hono()

  onKey(api, world, 'createApiKey', async (c, admin) => {
    const request = await body(c.req.raw, createApiKeyRequest)
    const { name, merchants, scopes } = request
    for (const merchant of merchants) merchantFor(world, admin, merchant)
    const now = world.clock.now()
    const expires_at = expiryWithin(admin, request, now)
    const { prefix, key, key_hash } = newKey(await world.tokenSecret(), world.random)
    const row: ApiKeyRow = {
      prefix,
      name,
      merchants: [...new Set(merchants)],
      scopes: [...new Set(scopes)],
      created_at: now,
      expires_at,
      last_used_at: null,
      revoked_at: null,
      made_by: admin.id,
    }
    await world.store.transaction(async (tx) => {
      // The admin key may have been revoked since this request began; it must not create keys any more.
      if ((await tx.apiKeys.lock(admin.id))?.revoked_at) throw new Problem('unauthorized')
      await tx.apiKeys.insert(row, key_hash)
      await noted(tx, row, { at: now, who: admin.id, act: 'api_key.create', detail: { name, scopes: row.scopes } })
    })
    world.log('api_key.created', { detail: prefix })
    return c.json({ ...view(row), key } satisfies CreatedApiKeyAnswer, 201)
  })

  onKey(api, world, 'listApiKeys', async (c, admin) => {
    const rows = await world.store.transaction((tx) => tx.apiKeys.list())
    return c.json({ data: rows.filter((row) => reaches(admin, row)).map(view), next: null })
  })

  onKey(api, world, 'revokeApiKey', async (c, admin) => {
    const prefix = param(c, 'prefix')
    const { with_children } = query(c.req.raw, revokeApiKeyQuery)
    const now = world.clock.now()
    const { revoked, children } = await world.store.transaction(async (tx) => {
      const row = await tx.apiKeys.lock(prefix)
      if (!row || !reaches(admin, row)) throw new Problem('not_found')
      const descendants = await descendantsOf(tx, prefix)
      const wanted = [row, ...(with_children ? descendants : [])].filter((one) => one.revoked_at === null)
      for (const one of wanted) await tx.apiKeys.revoke(one.prefix, now)
      for (const one of wanted) await noted(tx, one, { at: now, who: admin.id, act: 'api_key.revoke', detail: { name: one.name } })
      return { revoked: wanted, children: descendants.filter((one) => one.revoked_at === null && !wanted.includes(one)) }
    })
    for (const one of revoked) world.log('api_key.revoked', { detail: one.prefix })
    return c.json({ revoked: revoked.map((one) => one.prefix), children: children.map(view) } satisfies RevokedApiKeysAnswer)
  })

  return api
}

/** When the new key expires. @throws Problem key_exceeds for scopes or a lifetime that the maker does not have, invalid_request for a time in the past */
function expiryWithin(maker: ApiKey, { scopes, expires_at }: CreateApiKeyRequest, now: number): number | null {
  const errors = scopes
    .filter((scope) => !maker.scopes.includes(scope))
    .map((scope) => ({ field: '/scopes', message: `${scope}: this key does not have it / 本密钥没有此权限` }))
  const wanted = expires_at === undefined ? maker.expires_at : Date.parse(expires_at)
  if (wanted !== null && wanted <= now) {
    throw new Problem('invalid_request', { errors: [{ field: '/expires_at', message: 'is past / 已过去' }] })
  }
  if (maker.expires_at !== null && (wanted === null || wanted > maker.expires_at)) {
    const end = new Date(maker.expires_at).toISOString()
    errors.push({ field: '/expires_at', message: `this key itself ends at ${end} / 本密钥将于 ${end} 到期` })
  }
  if (errors.length > 0) throw new Problem('key_exceeds', { errors })
  return wanted
}

/** All keys that a key made, directly or through others. Each is locked, so that it cannot make more keys meanwhile. */
async function descendantsOf(tx: Tx, id: string): Promise<ApiKeyRow[]> {
  const found: ApiKeyRow[] = []
  for (const { prefix } of await tx.apiKeys.madeBy(id)) {
    const held = await tx.apiKeys.lock(prefix)
    if (held) found.push(held, ...(await descendantsOf(tx, prefix)))
  }
  return found
}

/** Writes the act to the audit log of every merchant that the key acts for. */
async function noted(tx: Tx, { prefix, merchants }: ApiKeyRow, act: Omit<OperatorAct, 'merchant' | 'subject'>): Promise<void> {
  for (const merchant of merchants) await tx.auditLog.append({ ...act, merchant, subject: prefix })
}

function reaches(admin: ApiKey, row: ApiKeyRow): boolean {
  return row.merchants.every((merchant) => admin.merchants.includes(merchant))
}

function view(row: ApiKeyRow): ApiKeyAnswer {
  const time = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
  return {
    ...row,
    // The scopes were checked when the key was made.
    scopes: row.scopes as Scope[],
    created_at: new Date(row.created_at).toISOString(),
    expires_at: time(row.expires_at),
    last_used_at: time(row.last_used_at),
    revoked_at: time(row.revoked_at),
  }
}
