// Differences, each with its history. A finding of a later run is the same difference.

import { createHash } from 'node:crypto'
import { type Difference, explain, type Finding, foundAgain, GONE, isUnsettled } from '@cashdesk/domain'
import type { Kysely, Selectable } from 'kysely'
import type { Books } from '../../port/books.ts'
import { StoreError } from '../../port/error.ts'
import type { Tables } from '../../schema.ts'
import type { Locking } from '../locking.ts'

type Differences = Pick<
  Books,
  'note' | 'explainGone' | 'findDifference' | 'lockDifference' | 'change' | 'differences' | 'differenceHistory' | 'counts'
>

/** Who changes what no person changed. */
const MACHINE = 'machine'

export function differences(db: Kysely<Tables>, locking: Locking): Differences {
  const change: Differences['change'] = async (before, after, actor, note, now) => {
    const next: Difference = { ...after, version: before.version + 1, updated_at: now }
    const { detail, ...columns } = next
    const { numUpdatedRows } = await db
      .updateTable('differences')
      .set({ ...columns, detail: JSON.stringify(detail) })
      .where('id', '=', before.id)
      .where('version', '=', before.version)
      .executeTakeFirstOrThrow()
    if (numUpdatedRows !== 1n) throw new StoreError('STORE_CONFLICT', `Difference ${before.id} changed meanwhile; read it again.`)
    await history(next, before.state, actor, note, now)
    return next
  }
  const history = async (of: Difference, from_state: string, actor: string, note: string | null, now: number): Promise<void> => {
    const { id, version, state: to_state } = of
    await db.insertInto('difference_history').values({ id, version, from_state, to_state, actor, note, created_at: now }).execute()
  }
  return {
    change,
    async note({ mchid, date, run }, finding, now) {
      const same = db
        .selectFrom('differences')
        .selectAll()
        .where('mchid', '=', mchid)
        .where('date', '=', date)
        .where('class', '=', finding.class)
        .where('subject', '=', finding.subject)
      const row = await locking.hold(same).executeTakeFirst()
      if (!row) {
        const fresh: Difference = { ...finding, ...BLANK, id: idOf(mchid, date, finding), mchid, date, opened_at: now, updated_at: now }
        await db
          .insertInto('differences')
          .values({ ...fresh, detail: JSON.stringify(fresh.detail), run })
          .execute()
        await history(fresh, 'none', MACHINE, null, now)
        return fresh
      }
      await db.updateTable('differences').set({ run }).where('id', '=', row.id).execute()
      const before = fromRow(row)
      const after = foundAgain(before, finding)
      return after === before ? before : change(before, after, MACHINE, null, now)
    },
    async explainGone({ mchid, date, run }, now) {
      const gone = db
        .selectFrom('differences')
        .selectAll()
        .where('mchid', '=', mchid)
        .where('date', '=', date)
        .where('run', '<', run)
        .where('state', 'in', ['open', 'assigned'])
        .orderBy('id')
      const rows = await locking.hold(gone).execute()
      for (const row of rows) await change(fromRow(row), explain(fromRow(row), GONE), MACHINE, null, now)
      return rows.length
    },
    async lockDifference(id) {
      const row = await locking.hold(db.selectFrom('differences').selectAll().where('id', '=', id)).executeTakeFirst()
      return row && fromRow(row)
    },
    async findDifference(id) {
      const row = await db.selectFrom('differences').selectAll().where('id', '=', id).executeTakeFirst()
      return row && fromRow(row)
    },
    async differences({ limit, mchids, date, state, after }) {
      if (mchids.length === 0) return []
      let query = db
        .selectFrom('differences')
        .selectAll()
        .where('mchid', 'in', [...mchids])
      if (date !== undefined) query = query.where('date', '=', date)
      if (state !== undefined) query = query.where('state', '=', state)
      if (after !== undefined) query = query.where('id', '<', after)
      return (await query.orderBy('id', 'desc').limit(limit).execute()).map(fromRow)
    },
    differenceHistory: (id) =>
      db
        .selectFrom('difference_history')
        .select(['version', 'from_state', 'to_state', 'actor', 'note', 'created_at'])
        .where('id', '=', id)
        .orderBy('version')
        .execute(),
    async counts(mchid, date) {
      const rows = await db
        .selectFrom('differences')
        .select(['state', 'amount'])
        .where('mchid', '=', mchid)
        .where('date', '=', date)
        .execute()
      const unsettled = rows.filter(({ state }) => isUnsettled(state))
      const at_risk = unsettled.reduce((sum, { amount }) => sum + Math.abs(amount), 0)
      return { unsettled: unsettled.length, settled: rows.length - unsettled.length, at_risk }
    },
  }
}

const BLANK = { state: 'open', reason: null, evidence: null, owner: null, note: null, proposed_by: null, version: 1 } as const

/** Sorts by day; the same difference always has the same id. */
function idOf(mchid: string, date: string, { class: of, subject }: Finding): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([mchid, date, of, subject]))
    .digest('hex')
  return `dif_${date.replaceAll('-', '')}${hash.slice(0, 16)}`
}

function fromRow({ run: _, detail, ...row }: Selectable<Tables['differences']>): Difference {
  return { ...row, detail: JSON.parse(detail) }
}
