// Phones that logged in, known by the hash of their token.

import type { Kysely } from 'kysely'
import type { Tables } from '../schema.ts'
import type { Sessions } from '../store.ts'

export function sessions(db: Kysely<Tables>): Sessions {
  return {
    async insert(session) {
      await db.insertInto('sessions').values(session).execute()
    },
    find: (token_hash, now) =>
      db.selectFrom('sessions').selectAll().where('token_hash', '=', token_hash).where('expires_at', '>', now).executeTakeFirst(),
    async removeExpired(now) {
      await db.deleteFrom('sessions').where('expires_at', '<=', now).execute()
    },
  }
}
