// SQLite through node:sqlite: one process, one connection, a sync of the disk before any transaction resolves, prepared statements cached by their SQL text.

import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { type CompiledQuery, type Dialect, type QueryResult, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { audit } from '../audit/audit.ts'
import { copyInAnotherProcess } from '../backup/backup.ts'
import { type MigrationTarget, migrate, pendingMigrations, refuseOldSchema, schemaOf } from '../migrate.ts'
import { StoreError } from '../port/error.ts'
import type { BackupManifest, Store } from '../port/store.ts'
import type { Sealer } from '../sealing/sealer.ts'
import { type Connection, Database } from '../sql/database.ts'
import { SERIAL } from '../sql/locking.ts'
import { vitals } from '../sql/vitals.ts'
import { countAll, exportAll } from '../transfer/export.ts'
import { type InsertText, importAll } from '../transfer/import.ts'
import { txOver } from '../tx.ts'
import { type GroupCommit, groupCommit } from './group-commit.ts'
import { driverOver } from './lent-connection.ts'
import { NO_WAL, openWal, type WalFile } from './wal-file.ts'

/** Size of the statement cache; the store has far fewer statements. */
const STATEMENTS_MAX = 500
const IN_MEMORY = ':memory:'
/** Pages (4 KiB each) in the WAL before SQLite writes it back: 16 MB. */
const CHECKPOINT_PAGES = 4000

export interface SqliteOpening {
  now(): number
  eventId: (now: number) => string
  sealer: Sealer
  migrations: 'apply' | 'refuse'
  /** Limits the file's size, in pages. */
  pages_max?: string | undefined
}

export async function openSqlite(path: string, { now, eventId, sealer, pages_max, migrations }: SqliteOpening): Promise<Store> {
  const database = openFile(path)
  try {
    await (migrations === 'refuse' ? refuseOldSchema(targetOf(database)) : migrate(targetOf(database), now()))
  } catch (error) {
    database.close()
    throw error
  }
  if (pages_max !== undefined) database.exec(`PRAGMA max_page_count = ${pages_max}`)
  const db = databaseOver(database)
  const tx = txOver(db, SERIAL, sealer, eventId)
  const wal = walOf(database, path)
  const { transact, between, backlog_ms } = groupCommit(database, wal)
  return {
    transaction: (work, lane) => transact(() => work(tx), lane),
    backlog_ms,
    // In one transaction, so that it sees a single snapshot.
    exportTo: (write) => transact(() => exportAll(db, { engine: 'sqlite', now: now() }, write)),
    importFrom: (chunks) => transact(() => importAll(db, insertText, chunks)),
    audit: (cutoff, checks) => transact(() => audit(db, cutoff, now(), checks)),
    folder: path === IN_MEMORY ? undefined : dirname(path),
    backupTo: path === IN_MEMORY ? undefined : (to) => backup(database, path, between, { to, now: now() }),
    vitals: (at) => transact(() => vitals(db, at)),
    counts: () => transact(() => countAll(db)),
    schema: () => transact(async () => schemaOf('sqlite', await targetOf(database).applied())),
    async close() {
      if (!database.isOpen) return
      database.close()
      await wal.close()
    },
  }
}

/** From here on the store syncs the log itself after each commit. SQLite still syncs checkpoints and a log that starts anew. */
function walOf(database: DatabaseSync, path: string): WalFile {
  if (path === IN_MEMORY) return NO_WAL
  database.exec('PRAGMA synchronous = NORMAL')
  return openWal(path)
}

/** Copies the file while checkpoints are stopped: commits go to the WAL meanwhile, and the main file does not change. */
async function backup(
  database: DatabaseSync,
  from: string,
  between: GroupCommit['between'],
  order: { to: string; now: number },
): Promise<BackupManifest> {
  await between(() => {
    const [found] = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
    if (found?.['busy'] !== 0) throw new Error('the WAL could not be written back')
    database.exec('PRAGMA wal_autocheckpoint = 0')
  })
  try {
    return await copyInAnotherProcess({ from, ...order })
  } finally {
    await between(() => database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`))
  }
}

const insertText: InsertText = (table, columns) =>
  `INSERT INTO ${table} (${columns}) SELECT ${columns.map((column) => `value ->> '${column}'`)} FROM json_each(?)`

/** Applies pending migrations, or only lists them. Without a file all are pending, and listing creates no file. */
export async function migrateSqlite(path: string, act: 'apply' | 'list', now: number): Promise<string[]> {
  if (act === 'list' && !existsSync(path)) return schemaOf('sqlite', []).pending
  const database = openFile(path)
  try {
    return await (act === 'list' ? pendingMigrations(targetOf(database)) : migrate(targetOf(database), now))
  } finally {
    database.close()
  }
}

function openFile(path: string): DatabaseSync {
  if (path !== IN_MEMORY && !existsSync(path)) makeFile(path)
  return openDatabase(path)
}

/** Creates the file, readable only by its owner, and a missing folder likewise. SQLite gives the files beside it the same mode. */
function makeFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    closeSync(openSync(path, 'a', 0o600))
  } catch (cause) {
    throw new StoreError('STORE_UNAVAILABLE', `The database ${path} cannot be made: ${(cause as Error).message}`, { cause })
  }
}

function targetOf(database: DatabaseSync): MigrationTarget {
  const exec = async (sql: string): Promise<void> => database.exec(sql)
  return {
    engine: 'sqlite',
    exec,
    prepare: () =>
      exec('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT'),
    async applied() {
      if (!database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").get()) return []
      const rows = database.prepare('SELECT name, checksum FROM migrations').all()
      return rows.map((row) => ({ name: String(row['name']), checksum: String(row['checksum']) }))
    },
    async atomically(work) {
      // A migration may recreate a table to which others refer, so foreign keys are checked at its end instead.
      await exec('PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE')
      try {
        await work()
        const [astray] = database.prepare('PRAGMA foreign_key_check').all()
        if (astray) throw new StoreError('STORE_SCHEMA', `A row of ${astray['table']} refers to nothing.`)
        await exec('COMMIT')
      } catch (error) {
        await exec('ROLLBACK')
        throw error
      } finally {
        await exec('PRAGMA foreign_keys = ON')
      }
    },
  }
}

/**
 * Opens the file for this process alone: WAL, foreign keys, and a sync in each commit until the store is open.
 * @throws StoreError STORE_IN_USE, STORE_UNAVAILABLE
 */
function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  try {
    // EXCLUSIVE is set first: the lock is taken at the first access and held until close, so two processes cannot share one file.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 0;')
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;')
    // Savepoints need no journal file on disk, because a crash undoes them anyway.
    database.exec('PRAGMA temp_store = MEMORY;')
    database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
    database.exec('BEGIN IMMEDIATE; COMMIT;')
    return database
  } catch (cause) {
    database.close()
    if (cause instanceof Error && /locked|busy/i.test(cause.message)) {
      throw new StoreError(
        'STORE_IN_USE',
        `Another process uses ${path}. SQLite serves one Cashdesk process; stop the other, or move to PostgreSQL.\n${path} 正被另一进程使用。SQLite 只供一个 Cashdesk 进程使用：请停止另一进程，或改用 PostgreSQL。`,
        { cause },
      )
    }
    throw new StoreError('STORE_UNAVAILABLE', `The database ${path} cannot be opened: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    })
  }
}

function databaseOver(file: DatabaseSync): Database {
  const connection = connectionOver(file)
  return new Database(dialectOver(connection), connection)
}

function dialectOver(connection: Connection): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driverOver(connection),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

interface Prepared {
  statement: StatementSync
  /** Whether the statement returns rows. */
  answers: boolean
}

function connectionOver(database: DatabaseSync): Connection {
  const statements = new Map<string, Prepared>()
  const prepared = (sql: string): Prepared => {
    const known = statements.get(sql)
    if (known) return known
    const statement = database.prepare(sql)
    const fresh = { statement, answers: statement.columns().length > 0 }
    if (statements.size >= STATEMENTS_MAX) statements.clear()
    statements.set(sql, fresh)
    return fresh
  }
  return {
    executeLater: async ({ sql, parameters }) => void prepared(sql).statement.run(...inputs(parameters)),
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      const { statement, answers } = prepared(query.sql)
      const parameters = inputs(query.parameters)
      if (answers) return { rows: statement.all(...parameters) as R[] }
      const { changes } = statement.run(...parameters)
      return { rows: [], numAffectedRows: BigInt(changes) }
    },
    async *streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
      let rows: R[] = []
      // Not from the cache: a statement that is being iterated cannot be used by another query.
      for (const row of database.prepare(query.sql).iterate(...inputs(query.parameters))) {
        if (rows.push(row as R) < chunkSize) continue
        yield { rows }
        rows = []
      }
      yield { rows }
    },
  }
}

/** The cast is safe: Kysely types parameters as unknown, but the tables contain only text, integers and null. */
function inputs(parameters: readonly unknown[]): readonly SQLInputValue[] {
  return parameters as readonly SQLInputValue[]
}
