// Notifications that WeChat signed; the same id is stored only once.

import type { NotificationRow, Notifications } from '../port/notifications.ts'
import type { Database } from './database.ts'
import { statement } from './statement.ts'

export function notifications(db: Database): Notifications {
  const inserted = statement(db, (row: NotificationRow) =>
    db
      .insertInto('notifications')
      .values(row)
      .onConflict((conflict) => conflict.doNothing()),
  )
  return {
    insert: async (row) => (await inserted(row)).numAffectedRows === 1n,
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
