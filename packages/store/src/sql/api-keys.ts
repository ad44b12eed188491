// API keys, found by their hash. They are read for each request, so a revoked key is refused from the next request on, on every replica (reliability J4).

import type { Kysely, Selectable } from 'kysely'
import type { ApiKeyRow, ApiKeys } from '../port/api-keys.ts'
import type { ApiKeysTable, Tables } from '../schema.ts'
import type { Locking } from './locking.ts'

/** Accuracy of `last_used_at`: a write for each request would cost more than the information is worth. */
const USED_GRAIN_MS = 60_000

export function apiKeys(db: Kysely<Tables>, locking: Locking): ApiKeys {
  const newestFirst = () => db.selectFrom('api_keys').selectAll().orderBy('created_at', 'desc').orderBy('prefix')
  return {
    async insert({ merchants, scopes, ...row }, key_hash) {
      await db
        .insertInto('api_keys')
        .values({ ...row, key_hash, merchants: JSON.stringify(merchants), scopes: JSON.stringify(scopes) })
        .execute()
    },
    async use(key_hash, now) {
      const row = await db.selectFrom('api_keys').selectAll().where('key_hash', '=', key_hash).executeTakeFirst()
      if (!row || row.revoked_at !== null || (row.expires_at !== null && row.expires_at <= now)) return undefined
      if (row.last_used_at === null || row.last_used_at <= now - USED_GRAIN_MS) {
        await db.updateTable('api_keys').set({ last_used_at: now }).where('key_hash', '=', key_hash).execute()
      }
      return fromRow(row)
    },
    async lock(prefix) {
      // Locked, because one transaction could make a key while another revokes its maker together with all keys that it made.
      const row = await locking.hold(db.selectFrom('api_keys').selectAll().where('prefix', '=', prefix)).executeTakeFirst()
      return row && fromRow(row)
    },
    list: async () => (await newestFirst().execute()).map(fromRow),
    madeBy: async (id) => (await newestFirst().where('made_by', '=', id).execute()).map(fromRow),
    async revoke(prefix, now) {
      await db.updateTable('api_keys').set({ revoked_at: now }).where('prefix', '=', prefix).where('revoked_at', 'is', null).execute()
    },
  }
}

function fromRow({ key_hash: _, merchants, scopes, ...row }: Selectable<ApiKeysTable>): ApiKeyRow {
  return { ...row, merchants: JSON.parse(merchants) as string[], scopes: JSON.parse(scopes) as string[] }
}
