// How a row is held until the transaction ends. SQLite's transactions are serial (dialects/group-commit.ts): there, to read is to hold.

import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { Tables } from '../schema.ts'

type Query<Table extends keyof Tables, Row> = SelectQueryBuilder<Tables, Table, Row>

export interface Locking {
  /** Nobody else changes these rows meanwhile; whoever wants to, waits. */
  hold<Table extends keyof Tables, Row>(query: Query<Table, Row>): Query<Table, Row>
  /** The same, leaving out what another holds already. */
  takeFree<Table extends keyof Tables, Row>(query: Query<Table, Row>): Query<Table, Row>
  /** Nobody else writes into the table until this transaction ends; reading goes on. Take it last. */
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
