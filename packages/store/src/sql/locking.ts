// How a row is held until the transaction ends. SQLite's transactions are serial (dialects/group-commit.ts): there, to read is to hold.

import type { SelectQueryBuilder } from 'kysely'
import type { Tables } from '../schema.ts'

type Query<Table extends keyof Tables, Row> = SelectQueryBuilder<Tables, Table, Row>

export interface Locking {
  /** Nobody else changes these rows meanwhile; whoever wants to, waits. */
  hold<Table extends keyof Tables, Row>(query: Query<Table, Row>): Query<Table, Row>
  /** The same, leaving out what another holds already. */
  takeFree<Table extends keyof Tables, Row>(query: Query<Table, Row>): Query<Table, Row>
}

export const SERIAL: Locking = { hold: (query) => query, takeFree: (query) => query }

export const ROW_LOCKS: Locking = {
  hold: (query) => query.forUpdate(),
  takeFree: (query) => query.forUpdate().skipLocked(),
}
