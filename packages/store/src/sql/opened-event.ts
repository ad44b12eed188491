// An event as it is told; at rest it is sealed.

import type { EventRow } from '../port/events.ts'
import type { Sealer } from '../sealing/sealer.ts'

/** What it tells names the payer. */
export function openedEvent(row: EventRow, sealer: Sealer): EventRow {
  return { ...row, data: sealer.open(row.data, 'events.data', row.id) }
}
