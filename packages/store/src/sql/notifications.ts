// Notifications that WeChat signed; the same id is stored only once.

import type { Kysely } from 'kysely'
import type { Notifications } from '../port/notifications.ts'
import type { Tables } from '../schema.ts'

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
    ofOrder: (merchant, out_trade_no) =>
      db
        .selectFrom('notifications')
        .selectAll()
        .where('merchant', '=', merchant)
        .where('out_trade_no', '=', out_trade_no)
        .orderBy('received_at')
        .execute(),
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
