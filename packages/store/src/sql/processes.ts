// Which servers are at work on this database. Only limits are shared by it: nothing that must hold depends on it.

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
