// Incidents that a person must look at. At most one incident of a kind is open for each subject.

import type { Kysely, Selectable } from 'kysely'
import type { IncidentRow, Incidents } from '../port/incidents.ts'
import type { Tables } from '../schema.ts'
import type { Telling } from './telling.ts'

export function incidents(db: Kysely<Tables>, telling: Telling): Incidents {
  const find: Incidents['find'] = async (merchant, id) => {
    const row = await db.selectFrom('incidents').selectAll().where('merchant', '=', merchant).where('id', '=', id).executeTakeFirst()
    return row && fromRow(row)
  }
  return {
    open: telling.incident,
    find,
    async resolve(incident, { by, note, now }) {
      const resolved: IncidentRow = { ...incident, state: 'resolved', resolved_at: now, resolved_by: by, note }
      const { numUpdatedRows } = await db
        .updateTable('incidents')
        .set({ state: 'resolved', resolved_at: now, resolved_by: by, note })
        .where('id', '=', incident.id)
        .where('state', '=', 'open')
        .executeTakeFirstOrThrow()
      if (numUpdatedRows !== 1n) return (await find(incident.merchant, incident.id)) ?? incident
      await telling.resolved(resolved, now)
      return resolved
    },
    async openOne(merchant, kind, subject) {
      const row = await db
        .selectFrom('incidents')
        .selectAll()
        .where('merchant', '=', merchant)
        .where('kind', '=', kind)
        .where('subject', '=', subject)
        .where('state', '=', 'open')
        .executeTakeFirst()
      return row && fromRow(row)
    },
    async list(merchant, { limit, state, kind, after }) {
      let query = db.selectFrom('incidents').selectAll().where('merchant', '=', merchant)
      if (state !== undefined) query = query.where('state', '=', state)
      if (kind !== undefined) query = query.where('kind', '=', kind)
      if (after !== undefined) query = query.where('id', '<', after)
      return (await query.orderBy('id', 'desc').limit(limit).execute()).map(fromRow)
    },
    async about(merchant, subjects) {
      const query = db
        .selectFrom('incidents')
        .selectAll()
        .where('merchant', '=', merchant)
        .where('subject', 'in', [...subjects])
      return (await query.orderBy('created_at').execute()).map(fromRow)
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

/** The cast is safe: only `open` writes kinds. The migration gave an id to the oldest incidents. */
function fromRow(row: Selectable<Tables['incidents']>): IncidentRow {
  return { ...row, id: row.id ?? '', kind: row.kind as IncidentRow['kind'] }
}
