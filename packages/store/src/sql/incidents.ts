// What a person must look at. Incidents of an order are written with it (orders.ts); here are the others.

import type { Kysely } from 'kysely'
import type { Tables } from '../schema.ts'
import type { Incidents } from '../store.ts'

export function incidents(db: Kysely<Tables>): Incidents {
  return {
    async open({ merchant, kind, subject, detail, now }) {
      await db
        .insertInto('incidents')
        .values({ merchant, kind, subject, detail: JSON.stringify(detail), state: 'open', created_at: now })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
    async count(merchant) {
      const { n } = await db
        .selectFrom('incidents')
        .select((e) => e.fn.countAll<number>().as('n'))
        .where('merchant', '=', merchant)
        .where('state', '=', 'open')
        .executeTakeFirstOrThrow()
      return Number(n)
    },
  }
}
