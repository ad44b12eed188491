// How rows are locked until the transaction ends. SQLite's transactions run one after another (dialects/group-commit.ts), so reading is enough there.

import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { Tables } from '../schema.ts'

type Query<Table extends keyof Tables, Row> = SelectQueryBuilder<Tables, Table, Row>

export interface Locking {
  /** Locks the rows of the query; others that want to change them wait. */
  hold<Table extends keyof Tables, Row>(query: Query<Table, Row>): Query<Table, Row>
  /** Like `hold`, but skips rows that another transaction has locked. */
  takeFree<Table extends keyof Tables, Row>(query: Query<Table, Row>): Query<Table, Row>
  /** Locks the table against writes by others until this transaction ends; reading goes on. Take this lock last. */
  holdTable(db: Kysely<Tables>, table: keyof Tables): Promise<void>
}

export const SERIAL: Locking = { hold: (query) => query, takeFree: (query) => query, holdTable: async () => {} }

export const ROW_LOCKS: Locking = {
  hold: (query) => query.forUpdate(),
  takeFree: (query) => query.forUpdate().skipLocked(),
  async holdTable(db, table) {
    await sql`LOCK TABLE ${sql.table(table)} IN EXCLUSIVE MODE`.execute(db)
  },
}
