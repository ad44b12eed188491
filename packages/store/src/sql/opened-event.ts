// Opens the sealed body of an event that is read from the database.

import type { EventRow } from '../port/events.ts'
import type { Sealer } from '../sealing/sealer.ts'

/** The event body contains the payer's openid, so it is sealed at rest. */
export function openedEvent(row: EventRow, sealer: Sealer): EventRow {
  return { ...row, data: sealer.open(row.data, 'events.data', row.id) }
}
