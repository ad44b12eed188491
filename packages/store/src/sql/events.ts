// Events for the merchant's backend, in the order in which they happened.

import type { Kysely } from 'kysely'
import type { Events } from '../port/events.ts'
import type { Tables } from '../schema.ts'
import type { Sealer } from '../sealing/sealer.ts'
import { openedEvent } from './opened-event.ts'

export function events(db: Kysely<Tables>, sealer: Sealer): Events {
  return {
    // An id begins with its time (event-id.ts), so the order of ids is the order of events.
    async list(merchant, page) {
      const rows = await db
        .selectFrom('events')
        .selectAll()
        .where('merchant', '=', merchant)
        .where('id', '>', page.after ?? '')
        .orderBy('id')
        .limit(page.limit)
        .execute()
      return rows.map((row) => openedEvent(row, sealer))
    },
    async newest() {
      const newest = await db.selectFrom('events').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst()
      return newest?.id ?? ''
    },
    async ofOrder(merchant, out_trade_no) {
      const rows = await db
        .selectFrom('events')
        .selectAll()
        .where('merchant', '=', merchant)
        .where('out_trade_no', '=', out_trade_no)
        .orderBy('id')
        .execute()
      return rows.map((row) => openedEvent(row, sealer))
    },
  }
}
