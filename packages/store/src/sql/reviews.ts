// Proposals about orders in review: only the newest counts, and a second key confirms it.

import type { Kysely } from 'kysely'
import type { Reviews } from '../port/reviews.ts'
import type { Tables } from '../schema.ts'

export function reviews(db: Kysely<Tables>): Reviews {
  return {
    find: (merchant, out_trade_no) =>
      db.selectFrom('reviews').selectAll().where('merchant', '=', merchant).where('out_trade_no', '=', out_trade_no).executeTakeFirst(),
    async propose(proposal) {
      const { decision, reason, proposed_by, proposed_at } = proposal
      const open = { confirmed_by: null, confirmed_at: null }
      await db
        .insertInto('reviews')
        .values({ ...proposal, ...open })
        .onConflict((conflict) =>
          conflict.columns(['merchant', 'out_trade_no']).doUpdateSet({ decision, reason, proposed_by, proposed_at, ...open }),
        )
        .execute()
      return { ...proposal, ...open }
    },
    async confirm({ merchant, out_trade_no }, confirmed_by, confirmed_at) {
      await db
        .updateTable('reviews')
        .set({ confirmed_by, confirmed_at })
        .where('merchant', '=', merchant)
        .where('out_trade_no', '=', out_trade_no)
        .execute()
    },
  }
}
