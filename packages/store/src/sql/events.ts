// Facts for the merchant's backend, in the order in which they became true, each with its deliveries staged in the same transaction.

import type { Kysely } from 'kysely'
import type { Tables } from '../schema.ts'
import type { EventRow, Events } from '../store.ts'
import { stageDeliveries } from './webhooks.ts'

export function events(db: Kysely<Tables>): Events {
  return {
    // An id begins with its time (event-id.ts), so the order of ids is the order of events.
    list: (merchant, page) =>
      db
        .selectFrom('events')
        .selectAll()
        .where('merchant', '=', merchant)
        .where('id', '>', page.after ?? '')
        .orderBy('id')
        .limit(page.limit)
        .execute(),
  }
}

export async function appendEvent(db: Kysely<Tables>, event: EventRow): Promise<void> {
  await db.insertInto('events').values(event).execute()
  await stageDeliveries(db, event)
}
