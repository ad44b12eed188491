// API keys that are made, listed and revoked over the API (scope `admin`), also while a server holds its SQLite file.

import { type ApiKeyAnswer, type CreatedApiKeyAnswer, createApiKeyRequest, type Scope } from '@cashdesk/contract'
import type { ApiKeyRow, OperatorAct, Tx } from '@cashdesk/store'
import { Hono } from 'hono'
import { type ApiKey, newKey } from '../keys.ts'
import { Problem } from '../problem.ts'
import type { World } from '../world.ts'
import { body } from './input.ts'
import { onKey, param } from './routes.ts'
import { merchantFor } from './who.ts'

export function keysApi(world: World): Hono {
  const api = new Hono()

  onKey(api, world, 'createApiKey', async (c, admin) => {
    const { name, merchants, scopes, expires_at } = await body(c.req.raw, createApiKeyRequest)
    // No key makes one that reaches further than itself.
    for (const merchant of merchants) merchantFor(world, admin, merchant)
    const now = world.clock.now()
    if (expires_at !== undefined && Date.parse(expires_at) <= now) {
      throw new Problem('invalid_request', { errors: [{ field: '/expires_at', message: 'is past / 已过去' }] })
    }
    const { prefix, key, key_hash } = newKey(world.random)
    const row: ApiKeyRow = {
      prefix,
      name,
      merchants: [...new Set(merchants)],
      scopes: [...new Set(scopes)],
      created_at: now,
      expires_at: expires_at === undefined ? null : Date.parse(expires_at),
      last_used_at: null,
      revoked_at: null,
    }
    await world.store.transaction(async (tx) => {
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
    await world.store.transaction(async (tx) => {
      const row = await tx.apiKeys.find(prefix)
      if (!row || !reaches(admin, row)) throw new Problem('not_found')
      if (row.revoked_at !== null) return
      const now = world.clock.now()
      await tx.apiKeys.revoke(prefix, now)
      await noted(tx, row, { at: now, who: admin.id, act: 'api_key.revoke', detail: { name: row.name } })
    })
    world.log('api_key.revoked', { detail: prefix })
    return c.body(null, 204)
  })

  return api
}

/** In the books of every merchant that the key acts for. */
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
    // Checked when the key was made.
    scopes: row.scopes as Scope[],
    created_at: new Date(row.created_at).toISOString(),
    expires_at: time(row.expires_at),
    last_used_at: time(row.last_used_at),
    revoked_at: time(row.revoked_at),
  }
}
