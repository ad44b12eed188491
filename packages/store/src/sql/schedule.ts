// What is planned further ahead than any pause is long: only a clock that was ahead can have written it. `HORIZONS` says how far, for whoever mends and whoever audits.

import { DELIVERY_PAUSE_MAX_MS, ORDER_PAUSE_MAX_MS, REFUND_PAUSE_MAX_MS } from '@cashdesk/domain'
import type { Kysely } from 'kysely'
import type { Schedule } from '../port/processes.ts'
import type { Tables } from '../schema.ts'

/** An order in review is looked at when it would have expired, so it is not among them. */
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
