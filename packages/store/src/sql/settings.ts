// Values that are created once per database. Secret ones are sealed at rest.

import type { Kysely } from 'kysely'
import type { Settings } from '../port/settings.ts'
import type { Tables } from '../schema.ts'
import type { Sealer } from '../sealing/sealer.ts'

export function settings(db: Kysely<Tables>, sealer: Sealer): Settings {
  const get = async (name: string): Promise<string | undefined> => {
    const row = await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst()
    return row?.value
  }
  const keep = async (name: string, value: string): Promise<string> => {
    await db
      .insertInto('settings')
      .values({ name, value })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    return (await get(name)) ?? value
  }
  return {
    get,
    keep,
    keepSecret: async (name, value) => sealer.open(await keep(name, sealer.seal(value, 'settings.value', name)), 'settings.value', name),
    async sealSecret(name) {
      const value = await get(name)
      if (value === undefined || sealer.isSealed(value)) return
      await db
        .updateTable('settings')
        .set({ value: sealer.seal(value, 'settings.value', name) })
        .where('name', '=', name)
        .execute()
    },
    async write(name, value) {
      await db
        .insertInto('settings')
        .values({ name, value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute()
    },
    async names(prefix) {
      const rows = await db.selectFrom('settings').select('name').where('name', 'like', `${prefix}%`).execute()
      return rows.map(({ name }) => name)
    },
  }
}
