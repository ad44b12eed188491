// The name of a database's newest migration, the same on both databases.

import type { Kysely } from 'kysely'
import type { Tables } from '../schema.ts'

export async function schemaOf(db: Kysely<Tables>): Promise<string> {
  const { name } = await db.selectFrom('migrations').select('name').orderBy('name', 'desc').limit(1).executeTakeFirstOrThrow()
  return name.replace(/\.(sqlite|postgres)\.sql$/, '')
}
