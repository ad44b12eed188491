// Values that are made once per database.

import type { Kysely } from 'kysely'
import type { Tables } from '../schema.ts'
import type { Settings } from '../store.ts'

export function settings(db: Kysely<Tables>): Settings {
  const get = async (name: string): Promise<string | undefined> => {
    const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst()
    return row?.value
  }
  return {
    get,
    async names(prefix) {
      const rows = await db.selectFrom('settings').select('name').where('name', 'like', `${prefix}%`).execute()
      return rows.map(({ name }) => name)
    },
    async keep(name, value) {
      await db
        .insertInto('settings')
        .values({ name, value })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return (await get(name)) ?? value
    },
  }
}
