// Claims of due rows. A claimed row is due again when its lease is over, so that the work of a process that died is done by
// another; every write is guarded by the row's version, so a slow process that comes back cannot overwrite what another has done.

import { ORDER_PAUSE_MAX_MS } from '@cashdesk/domain'

/** Far longer than any check takes. */
export const LEASE_MS = 60_000

/** A row that was claimed so often without a result gets an incident and is tried rarely, so that it does not hold up the others (reliability G8). */
export const CLAIMS_MAX = 10

/** Pause of such a row, equal to the longest pause of an order. */
export const STUCK_MS: number = ORDER_PAUSE_MAX_MS
