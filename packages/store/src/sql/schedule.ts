// Finds rows that are planned further ahead than the longest pause: only a server whose
// clock was ahead writes such times. The repair and the audit both use `HORIZONS`.

import { DELIVERY_PAUSE_MAX_MS, ORDER_PAUSE_MAX_MS, REFUND_PAUSE_MAX_MS } from '@cashdesk/domain'
import type { Kysely } from 'kysely'
import type { Schedule } from '../port/processes.ts'
import type { Tables } from '../schema.ts'

/** Longest pauses in ms. Orders in review are excluded: their next check is at their time of expiry. */
export const HORIZONS: Readonly<Record<'orders' | 'refunds' | 'deliveries', number>> = {
  orders: ORDER_PAUSE_MAX_MS,
  refunds: REFUND_PAUSE_MAX_MS,
  deliveries: DELIVERY_PAUSE_MAX_MS,
}

export function schedule(db: Kysely<Tables>): Schedule {
  return {
    async pullIn(now) {
      const orders = await db
        .updateTable('orders')
        .set({ next_check_at: now })
        .where('next_check_at', '>', now + HORIZONS.orders)
        .where('state', '<>', 'review')
        .executeTakeFirstOrThrow()
      const refunds = await db
        .updateTable('refunds')
        .set({ next_check_at: now })
        .where('next_check_at', '>', now + HORIZONS.refunds)
        .executeTakeFirstOrThrow()
      const deliveries = await db
        .updateTable('webhook_deliveries')
        .set({ next_attempt_at: now })
        .where('next_attempt_at', '>', now + HORIZONS.deliveries)
        .executeTakeFirstOrThrow()
      const count = ({ numUpdatedRows }: { numUpdatedRows: bigint }): number => Number(numUpdatedRows)
      return { orders: count(orders), refunds: count(refunds), deliveries: count(deliveries) }
    },
  }
}
