// Writes what follows from a change, in the same transaction: events for the merchant's backend, incidents for a person.

import { createHash } from 'node:crypto'
import { incidentView } from '@cashdesk/domain'
import type { Kysely } from 'kysely'
import type { EventRow } from '../port/events.ts'
import type { IncidentRow, NewIncident } from '../port/incidents.ts'
import type { Tables } from '../schema.ts'
import type { Sealer } from '../sealing/sealer.ts'
import type { Database } from './database.ts'
import { write } from './statement.ts'
import { staging } from './webhooks.ts'

type NewEvent = Omit<EventRow, 'id' | 'created_at' | 'data'> & { data: unknown }

export interface Telling {
  event(event: NewEvent, now: number): Promise<void>
  /** Opens an incident, with its event, unless the same one is open already. */
  incident(incident: NewIncident): Promise<void>
  /** Writes the event that an incident was resolved. */
  resolved(incident: IncidentRow, now: number): Promise<void>
}

export function telling(db: Database, sealer: Sealer, eventId: (now: number) => string): Telling {
  const append = write(db, (row: EventRow) => db.insertInto('events').values(row))
  const stageDeliveries = staging(db)
  const event: Telling['event'] = async (told, now) => {
    const row = { ...told, id: eventId(now), data: JSON.stringify(told.data), created_at: now }
    await append({ ...row, data: sealer.seal(row.data, 'events.data', row.id) })
    await stageDeliveries(row)
  }
  const ofIncident = (type: string, incident: IncidentRow, version: number, now: number): Promise<void> => {
    const { merchant, id: incident_id } = incident
    return event({ merchant, type, out_trade_no: null, out_refund_no: null, incident_id, version, data: incidentView(incident) }, now)
  }
  return {
    event,
    async incident({ now, detail, ...same }) {
      const open = { resolved_at: null, resolved_by: null, note: null }
      const row: IncidentRow = {
        ...same,
        ...open,
        id: await incidentId(db, same, now),
        detail: JSON.stringify(detail),
        state: 'open',
        created_at: now,
      }
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('incidents')
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow()
      if (numInsertedOrUpdatedRows === 1n) await ofIncident('incident.opened', row, 1, now)
    },
    resolved: (incident, now) => ofIncident('incident.resolved', incident, 2, now),
  }
}

/** An id that sorts by time. It includes the number of earlier incidents of the same kind and subject, so that each gets its own id. */
async function incidentId(
  db: Kysely<Tables>,
  { merchant, kind, subject }: Pick<NewIncident, 'merchant' | 'kind' | 'subject'>,
  now: number,
): Promise<string> {
  const { n } = await db
    .selectFrom('incidents')
    .select((e) => e.fn.countAll<number>().as('n'))
    .where('merchant', '=', merchant)
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow()
  const hash = createHash('sha256')
    .update(JSON.stringify([merchant, kind, subject, Number(n)]))
    .digest('hex')
  return `inc_${now.toString(36).padStart(9, '1')}${hash.slice(0, 8)}`
}
