// SQLite through node:sqlite for Kysely: one connection, statements prepared once and kept by their SQL text.

import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Tables } from '../schema.ts'
import { StoreError } from '../store.ts'

/** Statements kept prepared; far more than the store has. */
const STATEMENTS_MAX = 500

/** Opens the file for this process alone: WAL, an fsync per commit, foreign keys. @throws StoreError STORE_IN_USE */
export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  try {
    // EXCLUSIVE first: the lock is taken with the first access and held until close, so two processes never share one file.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0;')
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;')
    database.exec('BEGIN IMMEDIATE; COMMIT;')
    return database
  } catch (cause) {
    database.close()
    if (cause instanceof Error && /locked|busy/i.test(cause.message)) {
      throw new StoreError(
        'STORE_IN_USE',
        `Another process uses ${path}. SQLite serves one Cashdesk process; stop the other, or move to PostgreSQL.`,
        { cause },
      )
    }
    throw new StoreError('STORE_UNAVAILABLE', `The database ${path} cannot be opened: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    })
  }
}

export function kyselyOver(database: DatabaseSync): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: dialectOver(database) })
}

function dialectOver(database: DatabaseSync): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driverOver(connectionOver(database)),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

/** Transactions are the store's own (group-commit.ts), so the driver only lends its one connection. */
function driverOver(connection: DatabaseConnection): Driver {
  const refuse = async (): Promise<void> => {
    throw new TypeError('transactions go through the store')
  }
  return {
    init: async () => {},
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: async () => {},
    destroy: async () => {},
  }
}

function connectionOver(database: DatabaseSync): DatabaseConnection {
  const statements = new Map<string, StatementSync>()
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known) return known
    const statement = database.prepare(sql)
    if (statements.size >= STATEMENTS_MAX) statements.clear()
    statements.set(sql, statement)
    return statement
  }
  return {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const statement = prepared(query.sql)
      // Kysely types parameters as unknown; the tables above hold only text, integers and null.
      const parameters = query.parameters as readonly SQLInputValue[]
      if (statement.columns().length > 0) return { rows: statement.all(...parameters) as R[] }
      const { changes } = statement.run(...parameters)
      return { rows: [], numAffectedRows: BigInt(changes) }
    },
    // biome-ignore lint/correctness/useYield: the store never streams, and says so.
    async *streamQuery(): AsyncIterableIterator<never> {
      throw new TypeError('streaming is not used')
    },
  }
}
