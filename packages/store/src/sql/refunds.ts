// The refunds table. Each change is written together with its history, the order's sums, ledger, events and incidents.

import { isReserved, type Refund, type RefundStep, refundIdTaken, refundView } from '@cashdesk/domain'
import type { Kysely, Selectable } from 'kysely'
import { sql } from 'kysely'
import { StoreError } from '../port/error.ts'
import type { Evidence } from '../port/orders.ts'
import type { Refunds } from '../port/refunds.ts'
import type { RefundsTable, Tables } from '../schema.ts'
import { CLAIMS_MAX, LEASE_MS, STUCK_MS } from './claims.ts'
import type { Locking } from './locking.ts'
import type { Telling } from './telling.ts'

export function refunds(db: Kysely<Tables>, locking: Locking, telling: Telling): Refunds {
  const byNumber = (merchant: string, out_refund_no: string) =>
    db.selectFrom('refunds').selectAll().where('merchant', '=', merchant).where('out_refund_no', '=', out_refund_no)
  const first = async (query: { executeTakeFirst(): Promise<Selectable<RefundsTable> | undefined> }): Promise<Refund | undefined> => {
    const row = await query.executeTakeFirst()
    return row && fromRow(row)
  }
  const find = (merchant: string, out_refund_no: string): Promise<Refund | undefined> => first(byNumber(merchant, out_refund_no))
  return {
    async insert(refund, mchid, evidence) {
      if (await isTaken(db, refund, mchid)) return 'number taken'
      if (!(await reserve(db, refund, 1))) return 'not refundable'
      await db
        .insertInto('refunds')
        .values({ ...refund, mchid, claims: 0 })
        .execute()
      await appendHistory(db, refund, 'none', evidence)
      return 'inserted'
    },
    find,
    lock: (merchant, out_refund_no) => first(locking.hold(byNumber(merchant, out_refund_no))),
    record: (before, step, evidence, now) => record(db, telling, before, step, evidence, now),
    async reschedule(refund) {
      await db
        .updateTable('refunds')
        .set({ next_check_at: refund.next_check_at, attempts: refund.attempts, failure: refund.failure, claims: 0 })
        .where('merchant', '=', refund.merchant)
        .where('out_refund_no', '=', refund.out_refund_no)
        .where('version', '=', refund.version)
        .execute()
    },
    async claim(now, limit) {
      const due = db.selectFrom('refunds').selectAll().where('next_check_at', '<=', now).orderBy('next_check_at').limit(limit)
      const taken = []
      for (const row of await locking.takeFree(due).execute()) if (await take(db, telling, row, now)) taken.push(fromRow(row))
      return taken
    },
    async ofOrder(merchant, out_trade_no) {
      const rows = await db
        .selectFrom('refunds')
        .selectAll()
        .where('merchant', '=', merchant)
        .where('out_trade_no', '=', out_trade_no)
        .orderBy('created_at')
        .orderBy('out_refund_no')
        .execute()
      return rows.map(fromRow)
    },
    history: (merchant, out_refund_no) =>
      db
        .selectFrom('refund_history')
        .select(['version', 'from_state', 'to_state', 'source', 'source_ref', 'detail', 'created_at'])
        .where('merchant', '=', merchant)
        .where('out_refund_no', '=', out_refund_no)
        .orderBy('version')
        .execute(),
    async unresolved(merchant, since = Number.MAX_SAFE_INTEGER) {
      const found = await db
        .selectFrom('refunds')
        .select('out_refund_no')
        .where('merchant', '=', merchant)
        .where((e) => e.or([e('next_check_at', 'is not', null), e('created_at', '>=', since)]))
        .orderBy('created_at')
        .execute()
      return found.map((row) => row.out_refund_no)
    },
  }
}

/**
 * Claims a refund. False when it was claimed too often without a result: then it
 * is tried again after a long pause, because the cause may be repaired by then.
 */
async function take(
  db: Kysely<Tables>,
  telling: Telling,
  { merchant, out_refund_no, claims }: Selectable<RefundsTable>,
  now: number,
): Promise<boolean> {
  const stuck = claims >= CLAIMS_MAX
  await db
    .updateTable('refunds')
    .set(stuck ? { claims: CLAIMS_MAX - 1, next_check_at: now + STUCK_MS } : { claims: claims + 1, next_check_at: now + LEASE_MS })
    .where('merchant', '=', merchant)
    .where('out_refund_no', '=', out_refund_no)
    .execute()
  if (stuck) await telling.incident({ merchant, kind: 'stuck', subject: out_refund_no, detail: { claims: String(claims) }, now })
  return !stuck
}

/** Whether the number is taken. At WeChat it is unique for the signing merchant, whichever of our merchants uses it. */
async function isTaken(db: Kysely<Tables>, { merchant, out_refund_no }: Refund, mchid: string): Promise<boolean> {
  const query = db.selectFrom('refunds').select('out_refund_no').where('out_refund_no', '=', out_refund_no)
  return (await query.where((e) => e.or([e('merchant', '=', merchant), e('mchid', '=', mchid)])).executeTakeFirst()) !== undefined
}

/**
 * Reserves the amount, and counts the refund if it is new. One guarded statement checks and writes, which closes
 * the race between the two: forty concurrent refunds cannot exceed the amount (reliability E1).
 */
async function reserve(db: Kysely<Tables>, refund: Refund, counted: 0 | 1): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('orders')
    .set((e) => ({ refund_reserved: e('refund_reserved', '+', refund.amount), refund_count: e('refund_count', '+', counted) }))
    .where('merchant', '=', refund.merchant)
    .where('out_trade_no', '=', refund.out_trade_no)
    .where('state', '=', 'paid')
    .where('refund_count', '<', 50)
    .where(sql<boolean>`refund_reserved + ${refund.amount} <= amount_total`)
    .where(sql<boolean>`refund_reserved + ${refund.amount} <= COALESCE(paid_total, amount_total)`)
    .executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

async function record(
  db: Kysely<Tables>,
  telling: Telling,
  before: Refund,
  wanted: RefundStep,
  evidence: Evidence,
  now: number,
): Promise<Refund> {
  const step = await withOwnNumber(db, before, wanted)
  for (const { kind, detail } of step.incidents) {
    await telling.incident({ merchant: before.merchant, kind, subject: before.out_refund_no, detail, now })
  }
  if (step.refund === before) return before
  if (!isReserved(before.state) && isReserved(step.refund.state) && !(await reserve(db, before, 0))) {
    // A refund that we had given up succeeded after all, and the amount is reserved by other refunds by now: a person must look.
    const detail = { state: before.state, told: step.refund.state }
    await telling.incident({ merchant: before.merchant, kind: 'refund_conflict', subject: before.out_refund_no, detail, now })
    return before
  }
  const after: Refund = { ...step.refund, version: before.version + 1, updated_at: now }
  const { numUpdatedRows } = await db
    .updateTable('refunds')
    .set({ ...after, claims: 0 })
    .where('merchant', '=', before.merchant)
    .where('out_refund_no', '=', before.out_refund_no)
    .where('version', '=', before.version)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows !== 1n) throw new StoreError('STORE_CONFLICT', `Refund ${before.out_refund_no} changed meanwhile; read it again.`)
  await appendHistory(db, after, before.state, evidence, step.notes)
  await moveMoney(db, before, after, now)
  for (const type of step.events) {
    const { merchant, out_trade_no, out_refund_no, version } = after
    await telling.event({ merchant, type, out_trade_no, out_refund_no, incident_id: null, version, data: refundView(after) }, now)
  }
  return after
}

/** A refund_id belongs to one refund. If WeChat reports it for a second one, only an incident is written, because the unique key would refuse the row. */
async function withOwnNumber(db: Kysely<Tables>, before: Refund, step: RefundStep): Promise<RefundStep> {
  const { refund_id } = step.refund
  if (refund_id === null || refund_id === before.refund_id) return step
  const holder = await db
    .selectFrom('refunds')
    .select('out_refund_no')
    .where('mchid', '=', (e) =>
      e.selectFrom('refunds').select('mchid').where('merchant', '=', before.merchant).where('out_refund_no', '=', before.out_refund_no),
    )
    .where('refund_id', '=', refund_id)
    .executeTakeFirst()
  return holder ? refundIdTaken(before, refund_id, holder.out_refund_no) : step
}

/** Updates the order's sums; posts to the ledger only when the refund has succeeded. */
async function moveMoney(db: Kysely<Tables>, before: Refund, after: Refund, now: number): Promise<void> {
  const released = isReserved(before.state) && !isReserved(after.state)
  const succeeded = after.state === 'succeeded' && before.state !== 'succeeded'
  if (!released && !succeeded) return
  await db
    .updateTable('orders')
    .set((e) => ({
      refund_reserved: e('refund_reserved', '-', released ? after.amount : 0),
      refunded_total: e('refunded_total', '+', succeeded ? after.amount : 0),
    }))
    .where('merchant', '=', after.merchant)
    .where('out_trade_no', '=', after.out_trade_no)
    .execute()
  if (!succeeded) return
  await db
    .insertInto('ledger')
    .values({
      merchant: after.merchant,
      code: 'refund',
      subject: after.out_refund_no,
      debit: 'sales',
      credit: 'wechat:unsettled',
      amount: after.amount,
      occurred_at: after.succeeded_at ?? now,
      created_at: now,
    })
    .execute()
}

async function appendHistory(
  db: Kysely<Tables>,
  after: Refund,
  from_state: string,
  evidence: Evidence,
  notes?: RefundStep['notes'],
): Promise<void> {
  await db
    .insertInto('refund_history')
    .values({
      merchant: after.merchant,
      out_refund_no: after.out_refund_no,
      version: after.version,
      from_state,
      to_state: after.state,
      source: evidence.source,
      source_ref: evidence.ref ?? null,
      detail: notes && Object.keys(notes).length > 0 ? JSON.stringify(notes) : null,
      created_at: after.updated_at,
    })
    .execute()
}

function fromRow(row: Selectable<RefundsTable>): Refund {
  const { mchid: _, claims: __, ...refund } = row
  return refund
}
