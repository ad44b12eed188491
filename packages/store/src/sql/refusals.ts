// Calls that WeChat refused. A refund that is refused every half hour for a week stays one row with a counter.

import type { Kysely } from 'kysely'
import type { Refusals } from '../port/refusals.ts'
import type { Tables } from '../schema.ts'

export function refusals(db: Kysely<Tables>): Refusals {
  return {
    async keep({ out_refund_no, signed, ...same }, now) {
      const { status, message, field, request_id, support_id } = same
      const row = { ...same, out_refund_no: out_refund_no ?? '', signed: signed ? 1 : 0, times: 1, first_at: now, last_at: now }
      await db
        .insertInto('refusals')
        .values(row)
        .onConflict((conflict) =>
          conflict.columns(['merchant', 'out_trade_no', 'out_refund_no', 'op', 'code']).doUpdateSet((e) => ({
            ...{ status, message, field, request_id, signed: row.signed, last_at: now },
            // The support id that a buyer has noted must still be found, until a new one is given out.
            ...(support_id !== null && { support_id }),
            times: e('refusals.times', '+', 1),
          })),
        )
        .execute()
    },
    async ofOrder(merchant, out_trade_no) {
      const rows = await db
        .selectFrom('refusals')
        .selectAll()
        .where('merchant', '=', merchant)
        .where('out_trade_no', '=', out_trade_no)
        .orderBy('first_at')
        .execute()
      return rows.map(({ out_refund_no, signed, ...same }) => ({ ...same, out_refund_no: out_refund_no || null, signed: signed === 1 }))
    },
  }
}
