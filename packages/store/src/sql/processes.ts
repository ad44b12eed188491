// The servers that use this database. The number is used only to share limits; nothing that must be exact depends on it.

import type { Kysely } from 'kysely'
import type { Processes } from '../port/processes.ts'
import type { Tables } from '../schema.ts'

export function processes(db: Kysely<Tables>): Processes {
  return {
    async seen(id, now, since) {
      await db
        .insertInto('processes')
        .values({ id, seen_at: now })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at: now }))
        .execute()
      await db.deleteFrom('processes').where('seen_at', '<', since).execute()
      const { n } = await db
        .selectFrom('processes')
        .select((e) => e.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
      return Number(n)
    },
    async gone(id) {
      await db.deleteFrom('processes').where('id', '=', id).execute()
    },
  }
}
