// The inbox of what WeChat signed: the same id never counts twice.

import type { Kysely } from 'kysely'
import type { Tables } from '../schema.ts'
import type { Notifications } from '../store.ts'

export function notifications(db: Kysely<Tables>): Notifications {
  return {
    async insert(row) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('notifications')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      return numInsertedOrUpdatedRows === 1n
    },
    async count(merchant) {
      const { n } = await db
        .selectFrom('notifications')
        .select((e) => e.fn.countAll<number>().as('n'))
        .where('merchant', '=', merchant)
        .executeTakeFirstOrThrow()
      return Number(n)
    },
  }
}
