// The days of each merchant number, and when each is tried next.

import type { Kysely } from 'kysely'
import type { BillDay, Books } from '../../port/books.ts'
import type { Tables } from '../../schema.ts'
import type { Locking } from '../locking.ts'

type Days = Pick<Books, 'openDay' | 'day' | 'days' | 'lastDay' | 'firstOrder' | 'claimDays' | 'saveDay' | 'beginRun'>

/** A day that is being reconciled belongs to one server for so long; after a crash another one begins it again. */
const LEASE_MS = 10 * 60_000

export function days(db: Kysely<Tables>, locking: Locking): Days {
  const day: Days['day'] = (mchid, date) =>
    db.selectFrom('bill_days').selectAll().where('mchid', '=', mchid).where('date', '=', date).executeTakeFirst()
  return {
    day,
    async openDay(mchid, date, next_check_at, now) {
      const fresh: BillDay = {
        mchid,
        date,
        state: 'waiting',
        files: '{}',
        statement: null,
        attempts: 0,
        runs: 0,
        next_check_at,
        created_at: now,
        updated_at: now,
      }
      await db
        .insertInto('bill_days')
        .values(fresh)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      return (await day(mchid, date)) ?? fresh
    },
    async days(mchids, from, to) {
      if (mchids.length === 0) return []
      return db
        .selectFrom('bill_days')
        .selectAll()
        .where('mchid', 'in', [...mchids])
        .where('date', '>=', from)
        .where('date', '<=', to)
        .orderBy('date', 'desc')
        .orderBy('mchid')
        .execute()
    },
    async lastDay(mchid) {
      const { last } = await db
        .selectFrom('bill_days')
        .select((e) => e.fn.max('date').as('last'))
        .where('mchid', '=', mchid)
        .executeTakeFirstOrThrow()
      return last ?? undefined
    },
    async firstOrder(mchid) {
      const { first } = await db
        .selectFrom('orders')
        .select((e) => e.fn.min('created_at').as('first'))
        .where('mchid', '=', mchid)
        .executeTakeFirstOrThrow()
      return first ?? undefined
    },
    async claimDays(now, limit) {
      const due = db.selectFrom('bill_days').selectAll().where('next_check_at', '<=', now).orderBy('next_check_at').limit(limit)
      const taken = await locking.takeFree(due).execute()
      for (const { mchid, date } of taken) {
        await db
          .updateTable('bill_days')
          .set({ next_check_at: now + LEASE_MS })
          .where('mchid', '=', mchid)
          .where('date', '=', date)
          .execute()
      }
      return taken
    },
    async beginRun(mchid, date) {
      const { runs } = await db
        .updateTable('bill_days')
        .set((e) => ({ runs: e('runs', '+', 1) }))
        .where('mchid', '=', mchid)
        .where('date', '=', date)
        .returning('runs')
        .executeTakeFirstOrThrow()
      return runs
    },
    async saveDay({ mchid, date, created_at: _, ...set }) {
      await db.updateTable('bill_days').set(set).where('mchid', '=', mchid).where('date', '=', date).execute()
    },
  }
}
