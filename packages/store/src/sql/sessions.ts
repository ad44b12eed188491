// Sessions of phones, found by the hash of their token.

import type { Kysely } from 'kysely'
import type { Sessions } from '../port/sessions.ts'
import type { Tables } from '../schema.ts'
import type { Sealer } from '../sealing/sealer.ts'

export function sessions(db: Kysely<Tables>, sealer: Sealer): Sessions {
  return {
    async insert(session) {
      const openid = sealer.seal(session.openid, 'sessions.openid', session.token_hash)
      await db
        .insertInto('sessions')
        .values({ ...session, openid })
        .execute()
    },
    async find(token_hash, now) {
      const query = db.selectFrom('sessions').selectAll().where('token_hash', '=', token_hash).where('expires_at', '>', now)
      const row = await query.executeTakeFirst()
      return row && { ...row, openid: sealer.open(row.openid, 'sessions.openid', token_hash) }
    },
    async removeExpired(now) {
      await db.deleteFrom('sessions').where('expires_at', '<=', now).execute()
    },
  }
}
