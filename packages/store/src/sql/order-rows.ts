// Reads and writes the rows of one order. Statements are compiled once, and only changed columns are written.

import type { Order, Step } from '@cashdesk/domain'
import type { Selectable } from 'kysely'
import type { Evidence } from '../port/orders.ts'
import type { OrdersTable, Tables } from '../schema.ts'
import type { Sealer } from '../sealing/sealer.ts'
import type { Database } from './database.ts'
import type { Locking } from './locking.ts'
import { type Statement, statement, write } from './statement.ts'

type Row = Selectable<OrdersTable>
type Key = Pick<Row, 'merchant' | 'out_trade_no'>
/** The columns that come from the order; the others belong to the store. */
type Told = Omit<Row, 'idempotency_key' | 'claims'>
type Update = Partial<Row> & { at_merchant: string; at_number: string; at_version: number; at_mchid: string }

export interface OrderRows {
  find(merchant: string, out_trade_no: string): Promise<Order | undefined>
  /** Like `find`, and locks the order until this transaction ends. */
  lock(merchant: string, out_trade_no: string): Promise<Order | undefined>
  /** False when one of its unique keys is taken. */
  insert(order: Order, idempotency_key: string | null): Promise<boolean>
  /** False when the row has changed since it was read, or when another order has the payment that it would get. */
  update(before: Order, after: Order): Promise<boolean>
  appendHistory(after: Order, from_state: string, evidence: Evidence, notes?: Step['notes']): Promise<void>
  /** Posts the payment to the ledger. The unique key prevents a second posting even if the caller is wrong. */
  postPayment(order: Order, now: number): Promise<void>
  /** The number of the order that has this payment. */
  holderOf(mchid: string, transaction_id: string): Promise<string | undefined>
}

export function orderRows(db: Database, locking: Locking, sealer: Sealer): OrderRows {
  const byKey = ({ merchant, out_trade_no }: Key) =>
    db.selectFrom('orders').selectAll().where('merchant', '=', merchant).where('out_trade_no', '=', out_trade_no)
  const found = statement(db, byKey)
  const held = statement(db, (key: Key) => locking.hold(byKey(key)))
  const inserted = statement(db, (row: Row) =>
    db
      .insertInto('orders')
      .values(row)
      .onConflict((conflict) => conflict.doNothing()),
  )
  const history = write(db, (row: Tables['order_history']) => db.insertInto('order_history').values(row))
  const ledger = write(db, (row: Tables['ledger']) => db.insertInto('ledger').values(row))
  const holder = statement(db, ({ mchid, transaction_id }: { mchid: string; transaction_id: string }) =>
    db.selectFrom('orders').select('out_trade_no').where('mchid', '=', mchid).where('transaction_id', '=', transaction_id),
  )
  const updated = updates(db)
  const first = ({ rows: [row] }: { rows: Row[] }): Order | undefined => row && fromRow(row, sealer)

  return {
    find: async (merchant, out_trade_no) => first(await found({ merchant, out_trade_no })),
    lock: async (merchant, out_trade_no) => first(await held({ merchant, out_trade_no })),
    async insert(order, idempotency_key) {
      const row = sealed({ ...toRow(order), idempotency_key, claims: 0 }, order, sealer)
      return (await inserted(row)).numAffectedRows === 1n
    },
    async update(before, after) {
      // The order made progress, so its claims are counted from zero again.
      const set = { ...sealed(changed(toRow(before), toRow(after)), before, sealer), claims: 0 }
      const at = { at_merchant: before.merchant, at_number: before.out_trade_no, at_version: before.version, at_mchid: before.mchid }
      return (await updated({ ...set, ...at })).numAffectedRows === 1n
    },
    async appendHistory({ merchant, out_trade_no, version, state, updated_at }, from_state, { source, ref = null }, notes) {
      const detail = notes && Object.keys(notes).length > 0 ? JSON.stringify(notes) : null
      await history({
        merchant,
        out_trade_no,
        version,
        from_state,
        to_state: state,
        source,
        source_ref: ref,
        detail,
        created_at: updated_at,
      })
    },
    postPayment: ({ merchant, out_trade_no, amount, paid_total, paid_at }, now) =>
      ledger({
        merchant,
        code: 'payment',
        subject: out_trade_no,
        debit: 'wechat:unsettled',
        credit: 'sales',
        amount: paid_total ?? amount.total,
        occurred_at: paid_at ?? now,
        created_at: now,
      }),
    holderOf: async (mchid, transaction_id) => (await holder({ mchid, transaction_id })).rows[0]?.out_trade_no,
  }
}

/** Keeps one compiled statement for each set of columns: a step changes few columns, and few sets occur. */
function updates(db: Database): Statement<Update> {
  const statements = new Map<string, Statement<Update>>()
  const build = ({ at_merchant, at_number, at_version, at_mchid, ...set }: Update) => {
    const update = db
      .updateTable('orders')
      .set(set)
      .where('merchant', '=', at_merchant)
      .where('out_trade_no', '=', at_number)
      .where('version', '=', at_version)
    const { transaction_id } = set
    if (transaction_id === undefined) return update
    const holder = db.selectFrom('orders as other').select('other.out_trade_no')
    const held = holder.where('other.mchid', '=', at_mchid).where('other.transaction_id', '=', transaction_id)
    return update.where((e) => e.not(e.exists(held)))
  }
  return (update) => {
    const columns = Object.keys(update).join()
    const known = statements.get(columns) ?? statement(db, build)
    statements.set(columns, known)
    return known(update)
  }
}

function changed(before: Told, after: Told): Partial<Told> {
  const columns = Object.keys(after) as (keyof Told)[]
  return Object.fromEntries(columns.filter((name) => after[name] !== before[name]).map((name) => [name, after[name]]))
}

/** Columns that identify the payer. They are written once: sealing again would give other bytes, which the guard against changes refuses. */
const SEALED = ['openid', 'request'] as const

function sealed<Part extends Partial<Told>>(row: Part, { merchant, out_trade_no }: Key, sealer: Sealer): Part {
  const copy = { ...row }
  for (const column of SEALED) {
    const value = row[column]
    if (value) copy[column] = sealer.seal(value, `orders.${column}`, merchant, out_trade_no)
  }
  return copy
}

function toRow({ amount, metadata, late, ...same }: Order): Told {
  return {
    ...same,
    amount_total: amount.total,
    amount_currency: amount.currency,
    metadata: metadata && JSON.stringify(metadata),
    late: late ? 1 : 0,
  }
}

export function fromRow(row: Row, sealer: Sealer): Order {
  const { idempotency_key: _, claims: __, amount_total, amount_currency, metadata, late, openid, request, ...same } = row
  return {
    ...same,
    openid: openid && sealer.open(openid, 'orders.openid', row.merchant, row.out_trade_no),
    request: request && sealer.open(request, 'orders.request', row.merchant, row.out_trade_no),
    amount: { total: amount_total, currency: amount_currency },
    metadata: metadata === null ? null : JSON.parse(metadata),
    late: late === 1,
  }
}
