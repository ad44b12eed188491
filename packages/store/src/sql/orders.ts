// The orders table. Each change is written together with its history, ledger, events and incidents.

import { type Order, orderView, paymentTaken, type Step } from '@cashdesk/domain'
import type { Kysely, Selectable } from 'kysely'
import { StoreError } from '../port/error.ts'
import type { Evidence, OrderPage, Orders } from '../port/orders.ts'
import type { OrdersTable, Tables } from '../schema.ts'
import type { Sealer } from '../sealing/sealer.ts'
import { CLAIMS_MAX, LEASE_MS, STUCK_MS } from './claims.ts'
import type { Database } from './database.ts'
import type { Locking } from './locking.ts'
import { fromRow, type OrderRows, orderRows } from './order-rows.ts'
import { type Write, write } from './statement.ts'
import type { Telling } from './telling.ts'

export function orders(db: Database, locking: Locking, sealer: Sealer, telling: Telling): Orders {
  const rows = orderRows(db, locking, sealer)
  const rescheduled = write(db, ({ merchant, out_trade_no, version, ...set }: Pick<Order, Rescheduled>) =>
    db
      .updateTable('orders')
      .set({ ...set, claims: 0 })
      .where('merchant', '=', merchant)
      .where('out_trade_no', '=', out_trade_no)
      .where('version', '=', version),
  )
  const lease = write(db, ({ merchant, out_trade_no, ...set }: Lease) =>
    db.updateTable('orders').set(set).where('merchant', '=', merchant).where('out_trade_no', '=', out_trade_no),
  )
  const byReference = (merchant: string, reference: string) =>
    db.selectFrom('orders').selectAll().where('merchant', '=', merchant).where('reference', '=', reference)
  const first = async (query: { executeTakeFirst(): Promise<Selectable<OrdersTable> | undefined> }): Promise<Order | undefined> => {
    const row = await query.executeTakeFirst()
    return row && fromRow(row, sealer)
  }

  return {
    async insert(order, idempotency_key, evidence, next) {
      if (!(await rows.insert(next ?? order, idempotency_key))) return whatIsTaken(db, order, idempotency_key)
      await rows.appendHistory(order, 'none', evidence)
      if (next) await rows.appendHistory(next, order.state, evidence)
      return 'inserted'
    },
    find: rows.find,
    lock: rows.lock,
    findByKey: (merchant, key) =>
      first(db.selectFrom('orders').selectAll().where('merchant', '=', merchant).where('idempotency_key', '=', key)),
    openByReference: (merchant, reference) =>
      first(byReference(merchant, reference).where('state', 'in', ['created', 'ordering', 'pending', 'closing'])),
    paidByReference: (merchant, reference) => first(byReference(merchant, reference).where('state', 'in', ['paid', 'review'])),
    findAtWechat: (mchid, out_trade_no) =>
      first(db.selectFrom('orders').selectAll().where('mchid', '=', mchid).where('out_trade_no', '=', out_trade_no)),
    record: (before, step, evidence, now) => record(db, rows, telling, before, step, evidence, now),
    reschedule: ({ merchant, out_trade_no, version, next_check_at, attempts }) =>
      rescheduled({ merchant, out_trade_no, version, next_check_at, attempts }),
    async claim(now, limit) {
      const due = db.selectFrom('orders').selectAll().where('next_check_at', '<=', now).orderBy('next_check_at').limit(limit)
      const taken = []
      for (const row of await locking.takeFree(due).execute()) if (await take(lease, telling, row, now)) taken.push(fromRow(row, sealer))
      return taken
    },
    list: (merchant, page) => list(db, sealer, merchant, page),
    history: (merchant, out_trade_no) =>
      db
        .selectFrom('order_history')
        .select(['version', 'from_state', 'to_state', 'source', 'source_ref', 'detail', 'created_at'])
        .where('merchant', '=', merchant)
        .where('out_trade_no', '=', out_trade_no)
        .orderBy('version')
        .execute(),
    findBySupportId: (merchant, support_id) =>
      first(
        db
          .selectFrom('orders')
          .selectAll()
          .where('merchant', '=', merchant)
          .where('out_trade_no', 'in', (e) =>
            e.selectFrom('refusals').select('out_trade_no').where('merchant', '=', merchant).where('support_id', '=', support_id),
          ),
      ),
    async unresolved(merchant, since = Number.MAX_SAFE_INTEGER) {
      const found = await db
        .selectFrom('orders')
        .select('out_trade_no')
        .where('merchant', '=', merchant)
        .where((e) => e.or([e('next_check_at', 'is not', null), e('created_at', '>=', since)]))
        .orderBy('created_at')
        .execute()
      return found.map((row) => row.out_trade_no)
    },
  }
}

type Rescheduled = 'merchant' | 'out_trade_no' | 'version' | 'next_check_at' | 'attempts'
type Lease = Pick<Selectable<OrdersTable>, 'merchant' | 'out_trade_no' | 'claims' | 'next_check_at'>

/**
 * Claims an order. False when it was claimed too often without a result: then it
 * is tried again after a long pause, because the cause may be repaired by then.
 */
async function take(
  lease: Write<Lease>,
  telling: Telling,
  { merchant, out_trade_no, claims }: Selectable<OrdersTable>,
  now: number,
): Promise<boolean> {
  const stuck = claims >= CLAIMS_MAX
  const due = stuck ? { claims: CLAIMS_MAX - 1, next_check_at: now + STUCK_MS } : { claims: claims + 1, next_check_at: now + LEASE_MS }
  await lease({ merchant, out_trade_no, ...due })
  if (stuck) await telling.incident({ merchant, kind: 'stuck', subject: out_trade_no, detail: { claims: String(claims) }, now })
  return !stuck
}

async function record(
  db: Kysely<Tables>,
  rows: OrderRows,
  telling: Telling,
  before: Order,
  step: Step,
  evidence: Evidence,
  now: number,
): Promise<Order> {
  const same = step.order === before
  const after: Order = same ? before : { ...step.order, version: before.version + 1, updated_at: now }
  if (!same && !(await rows.update(before, after)))
    return record(db, rows, telling, before, await withoutPayment(rows, before, after), evidence, now)
  for (const { kind, detail } of step.incidents) {
    await telling.incident({ merchant: before.merchant, kind, subject: before.out_trade_no, detail, now })
  }
  if (same) return before
  await rows.appendHistory(after, before.state, evidence, step.notes)
  if (after.state === 'paid' && before.state !== 'paid') {
    await rows.postPayment(after, now)
    await noticeDoublePayment(db, telling, after, now)
  }
  for (const type of step.events) {
    const { merchant, out_trade_no, version } = after
    const about = { out_trade_no, out_refund_no: null, incident_id: null }
    await telling.event({ merchant, type, ...about, version, data: orderView(after) }, now)
  }
  return after
}

/**
 * A payment belongs to one order. If WeChat reports it for a second one, that order goes
 * to review: the unique key would refuse the row, and a signed fact must not be lost.
 * @throws StoreError STORE_CONFLICT when the update failed because the order changed meanwhile
 */
async function withoutPayment(rows: OrderRows, before: Order, { mchid, transaction_id }: Order): Promise<Step> {
  if (transaction_id !== null && transaction_id !== before.transaction_id) {
    const holder = await rows.holderOf(mchid, transaction_id)
    if (holder !== undefined) return paymentTaken(before, transaction_id, holder)
  }
  throw new StoreError('STORE_CONFLICT', `Order ${before.out_trade_no} changed meanwhile; read it again.`)
}

/** Opens an incident when two orders with the same reference are paid: both payments are valid, and a person must refund one (reliability C11). */
async function noticeDoublePayment(db: Kysely<Tables>, telling: Telling, order: Order, now: number): Promise<void> {
  const { merchant, reference, out_trade_no } = order
  if (reference === null) return
  const other = await db
    .selectFrom('orders')
    .select('out_trade_no')
    .where('merchant', '=', merchant)
    .where('reference', '=', reference)
    .where('state', '=', 'paid')
    .where('out_trade_no', '<>', out_trade_no)
    .executeTakeFirst()
  if (!other) return
  const detail = { first: other.out_trade_no, second: out_trade_no }
  await telling.incident({ merchant, kind: 'double_payment', subject: reference, detail, now })
}

async function whatIsTaken(db: Kysely<Tables>, order: Order, key: string | null): Promise<'number taken' | 'key taken' | 'reference open'> {
  if (key !== null) {
    const same = await db
      .selectFrom('orders')
      .select('out_trade_no')
      .where('merchant', '=', order.merchant)
      .where('idempotency_key', '=', key)
      .executeTakeFirst()
    if (same) return 'key taken'
  }
  const { merchant, mchid, out_trade_no } = order
  const number = await db
    .selectFrom('orders')
    .select('out_trade_no')
    .where((e) => e.or([e.and({ merchant, out_trade_no }), e.and({ mchid, out_trade_no })]))
    .executeTakeFirst()
  return number ? 'number taken' : 'reference open'
}

async function list(db: Kysely<Tables>, sealer: Sealer, merchant: string, page: OrderPage): Promise<Order[]> {
  let query = db.selectFrom('orders').selectAll().where('merchant', '=', merchant)
  if (page.state !== undefined) query = query.where('state', '=', page.state)
  if (page.after !== undefined) {
    const { created_at, out_trade_no } = page.after
    query = query.where((e) =>
      e.or([e('created_at', '<', created_at), e.and([e('created_at', '=', created_at), e('out_trade_no', '<', out_trade_no)])]),
    )
  }
  const rows = await query.orderBy('created_at', 'desc').orderBy('out_trade_no', 'desc').limit(page.limit).execute()
  return rows.map((row) => fromRow(row, sealer))
}
