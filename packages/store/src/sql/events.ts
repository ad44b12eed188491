// Facts for the merchant's backend, in the order in which they became true. Written with the order (orders.ts), read here.

import type { Kysely } from 'kysely'
import type { Tables } from '../schema.ts'
import type { Events } from '../store.ts'

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
