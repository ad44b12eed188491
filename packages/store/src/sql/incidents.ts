// What a person must look at. The same one is open only once.

import type { Kysely } from 'kysely'
import type { Tables } from '../schema.ts'
import type { Incidents, NewIncident } from '../store.ts'

export function incidents(db: Kysely<Tables>): Incidents {
  return {
    open: (incident) => openIncident(db, incident),
    async resolve(merchant, kind, subject) {
      await db
        .updateTable('incidents')
        .set({ state: 'resolved' })
        .where('merchant', '=', merchant)
        .where('kind', '=', kind)
        .where('subject', '=', subject)
        .where('state', '=', 'open')
        .execute()
    },
    async about(merchant, subjects) {
      const rows = await db
        .selectFrom('incidents')
        .selectAll()
        .where('merchant', '=', merchant)
        .where('subject', 'in', [...subjects])
        .orderBy('created_at')
        .execute()
      // Kinds are only ever written by `open`.
      return rows.map((row) => ({ ...row, kind: row.kind as NewIncident['kind'] }))
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

export async function openIncident(db: Kysely<Tables>, { merchant, kind, subject, detail, now }: NewIncident): Promise<void> {
  await db
    .insertInto('incidents')
    .values({ merchant, kind, subject, detail: JSON.stringify(detail), state: 'open', created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
