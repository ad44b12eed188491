// Who looks at what is due. A row that is taken up is due again when its lease is over, so that work which a dead process left is found;
// what is written meanwhile is guarded by the row's version, so a slow process that comes back changes nothing that another has done.

import { ORDER_PAUSE_MAX_MS } from '@cashdesk/domain'

/** Far longer than any look takes. */
export const LEASE_MS = 60_000

/** Taken up so often without getting anywhere, a row is shown to a person and tried rarely: it must not stop the others (reliability G8). */
export const CLAIMS_MAX = 10

/** As long as the longest pause of an order. */
export const STUCK_MS: number = ORDER_PAUSE_MAX_MS
