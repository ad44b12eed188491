// PostgreSQL through pg: many processes, one transaction per connection, statements prepared once per connection and sent together where nobody waits between them.

import { setTimeout as pause } from 'node:timers/promises'
import {
  type CompiledQuery,
  type Dialect,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import pg from 'pg'
import { audit } from '../audit/audit.ts'
import { type MigrationTarget, migrate, pendingMigrations, refuseOldSchema, schemaOf } from '../migrate.ts'
import { StoreError } from '../port/error.ts'
import type { Lane, Store, Tx } from '../port/store.ts'
import type { Tables } from '../schema.ts'
import type { Sealer } from '../sealing/sealer.ts'
import { type Connection, Database } from '../sql/database.ts'
import { ROW_LOCKS } from '../sql/locking.ts'
import { vitals } from '../sql/vitals.ts'
import { countAll, exportAll } from '../transfer/export.ts'
import { type InsertText, importAll } from '../transfer/import.ts'
import { txOver } from '../tx.ts'
import { driverOver } from './lent-connection.ts'
import { type Line, lineOver } from './round-trip.ts'

export interface PostgresOpening {
  migrations: 'apply' | 'refuse'
  now(): number
  eventId: (now: number) => string
  sealer: Sealer
}

/** WeChat expects the answer to a notification within five seconds (reliability C7), so a database that hangs must fail before that. */
const CONNECT_MS = 2000
const STATEMENT_MS = 3000
const IDLE_IN_TRANSACTION_MS = 10_000
const POOL_MAX = 10
/** The name in pg_stat_activity; an application_name in the URL takes precedence. */
const APPLICATION = 'cashdesk'
/** Additional connections for work that must not wait behind requests: notifications, the schedule, readiness. */
const RESERVED_MAX = 3
/** How often a transaction that failed because of another one is repeated at most. */
const REPEATS_MAX = 5

const INT8 = 20
const NUMERIC = 1700
/** Amounts, times and their sums are safe integers, so they are parsed as numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 || oid === NUMERIC ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

export async function openPostgres(url: string, { now, eventId, sealer, migrations }: PostgresOpening): Promise<Store> {
  const { connectionString, max } = settingsOf(url)
  await alone(connectionString, (client) =>
    migrations === 'refuse' ? refuseOldSchema(targetOf(client)) : migrate(targetOf(client), now()),
  )
  const pools: Record<Lane, pg.Pool> = { ordinary: poolOf(connectionString, max), reserved: poolOf(connectionString, RESERVED_MAX) }
  // Start times of transactions that wait for a connection, oldest first.
  const waiting = new Set<{ since: number }>()
  const seats = new WeakMap<pg.PoolClient, { line: Line; db: Database; tx: Tx }>()
  const seatOf = (client: pg.PoolClient) => {
    const known = seats.get(client)
    if (known) return known
    const line = lineOf(client)
    const db = databaseOver(client, line)
    const seat = { line, db, tx: txOver(db, ROW_LOCKS, sealer, eventId) }
    seats.set(client, seat)
    return seat
  }
  return {
    transaction: (work, lane = 'ordinary') =>
      repeatedly(() => {
        const since = { since: performance.now() }
        if (lane === 'ordinary') waiting.add(since)
        const began = (): void => void waiting.delete(since)
        return withClient(
          pools[lane],
          (client) => {
            const { line, tx } = seatOf(client)
            return inTransaction(line, 'BEGIN', () => work(tx))
          },
          began,
        )
      }),
    backlog_ms() {
      const [oldest] = waiting
      return oldest ? performance.now() - oldest.since : 0
    },
    audit: (cutoff, checks) => atLeisure(connectionString, ONE_MOMENT, (db) => audit(db, cutoff, now(), checks)),
    exportTo: (write) => atLeisure(connectionString, ONE_MOMENT, (db) => exportAll(db, { engine: 'postgres', now: now() }, write)),
    importFrom: (chunks) => atLeisure(connectionString, 'BEGIN', (db) => importAll(db, insertText, chunks)),
    counts: () => atLeisure(connectionString, ONE_MOMENT, countAll),
    vitals: (at) =>
      repeatedly(() =>
        withClient(pools.reserved, (client) => {
          const { line, db } = seatOf(client)
          return inTransaction(line, ONE_MOMENT, () => vitals(db, at))
        }),
      ),
    schema: () => repeatedly(() => withClient(pools.reserved, async (client) => schemaOf('postgres', await targetOf(client).applied()))),
    async close() {
      for (const pool of Object.values(pools)) if (!pool.ending) await pool.end()
    },
  }
}

function poolOf(connectionString: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    types,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    lock_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    // Detects a server that vanished without closing the connection, also for a query that was sent already.
    query_timeout: STATEMENT_MS + 1000,
    keepAlive: true,
    application_name: APPLICATION,
  })
  // The pool removes an idle connection that breaks, so nothing else is needed. Without a listener the error would end the process.
  pool.on('error', () => undefined)
  return pool
}

function settingsOf(url: string): { connectionString: string; max: number } {
  const parsed = new URL(url)
  const max = Number(parsed.searchParams.get('pool_max') ?? POOL_MAX)
  parsed.searchParams.delete('pool_max')
  if (!Number.isInteger(max) || max < 1) throw new StoreError('STORE_UNAVAILABLE', 'pool_max must be a whole number, at least 1.')
  return { connectionString: parsed.href, max }
}

async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>, began: () => void = () => {}): Promise<T> {
  const client = await pool
    .connect()
    .catch((error: unknown) => Promise.reject(unavailable(error)))
    .finally(began)
  let broken: unknown
  // A listener is needed while the client is in use too, because the pool does not listen then.
  const onError = (error: unknown): void => {
    broken = error
  }
  client.on('error', onError)
  try {
    return await work(client)
  } catch (error) {
    if (isConnectionError(error)) broken = error
    throw error
  } finally {
    client.off('error', onError)
    // A connection whose rollback failed is still inside the transaction, so it is closed too.
    client.release(broken !== undefined || client.getTransactionStatus() !== 'I')
  }
}

/** Sends BEGIN with the first statement, and COMMIT with the writes that nobody waits for. */
async function inTransaction<T>(line: Line, begin: string, work: () => Promise<T>): Promise<T> {
  line.keep(begin)
  try {
    const value = await work()
    const { command } = await line.ask('COMMIT')
    // PostgreSQL answers ROLLBACK to the COMMIT of a transaction in which a statement has failed, although `work` went on.
    if (command !== 'COMMIT')
      throw new StoreError('STORE_UNAVAILABLE', 'The database rolled back a transaction in which a statement had failed.')
    return value
  } catch (error) {
    line.forget()
    // After an error of the connection the caller closes it, and PostgreSQL rolls back by itself; waiting for that would double a time limit.
    if (!isConnectionError(error)) await line.ask('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** Serialization failure, deadlock, and a key that another transaction wrote between our read and our write: repeating the transaction resolves them. */
const LOST_AGAINST_ANOTHER = new Set(['40001', '40P01', '23505'])

async function repeatedly<T>(work: () => Promise<T>): Promise<T> {
  for (let repeats = 0; ; repeats++) {
    try {
      return await work()
    } catch (error) {
      if (!isDatabaseError(error) && !isConnectionError(error)) throw error
      if (!LOST_AGAINST_ANOTHER.has(codeOf(error)) || repeats >= REPEATS_MAX) throw refusedOr(error)
      await pause(2 ** repeats * (5 + Math.random() * 10))
    }
  }
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : ''
}

function isDatabaseError(error: unknown): boolean {
  return error instanceof pg.DatabaseError
}

/** Errors of the socket or of pg itself, which have no class of their own. If a COMMIT was under way, it is not known whether it happened. */
function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof StoreError) return false
  return (
    /^E[A-Z]+$/.test(codeOf(error)) ||
    /Connection terminated|not queryable|Query read timeout|timeout exceeded/.test(error.message) ||
    /^(57P|08)/.test(codeOf(error))
  )
}

/** SQLSTATE classes: 22 is a value that a column cannot hold (NUL in text), 54 one that is too large for an index, 23 and P0 are rules of the schema. */
function refusedOr(error: unknown): StoreError {
  const message = `The database refused it: ${error instanceof Error ? error.message : error}`
  if (/^(22|54)/.test(codeOf(error))) return new StoreError('STORE_INPUT', message, { cause: error })
  if (/^(23|P0)/.test(codeOf(error))) return new StoreError('STORE_CONSTRAINT', message, { cause: error })
  return unavailable(error)
}

/** The message of a connection error may contain host and user, but never the password. */
function unavailable(cause: unknown): StoreError {
  return new StoreError(
    'STORE_UNAVAILABLE',
    `The database could not be used: ${cause instanceof Error ? cause.message || codeOf(cause) : cause}`,
    { cause },
  )
}

const ONE_MOMENT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'

/** Runs work over the whole database on its own connection, without the time limits of requests. */
function atLeisure<T>(connectionString: string, begin: string, work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
  return alone(connectionString, (client) => {
    const line = lineOf(client)
    return inTransaction(line, begin, () => work(databaseOver(client, line)))
  })
}

const insertText: InsertText = (table, columns) =>
  `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1)`

/** The advisory lock during a migration: of several processes that start at once one migrates and the others wait. */
const MIGRATION_LOCK = 0x63_61_73_68

/** Applies pending migrations, or only lists them. */
export function migratePostgres(url: string, act: 'apply' | 'list', now: number): Promise<string[]> {
  return alone(settingsOf(url).connectionString, (client) =>
    act === 'list' ? pendingMigrations(targetOf(client)) : migrate(targetOf(client), now),
  )
}

/** Opens a connection of its own for `work`: without time limits, and its locks end with the connection. */
async function alone<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, types, connectionTimeoutMillis: CONNECT_MS, keepAlive: true })
  client.on('error', () => undefined)
  try {
    await client.connect().catch((error: unknown) => Promise.reject(unavailable(error)))
    return await work(client)
  } catch (error) {
    throw isDatabaseError(error) || isConnectionError(error) ? unavailable(error) : error
  } finally {
    await client.end().catch(() => undefined)
  }
}

function targetOf(client: pg.ClientBase): MigrationTarget {
  const exec = async (sql: string): Promise<void> => void (await client.query(sql))
  const there = async (): Promise<boolean> => {
    const { rows } = await client.query<{ there: boolean }>("SELECT to_regclass('migrations') IS NOT NULL AS there")
    return rows[0]?.there ?? false
  }
  return {
    engine: 'postgres',
    exec,
    async prepare() {
      await exec(`SELECT pg_advisory_lock(${MIGRATION_LOCK}, hashtext(current_schema()))`)
      // The table is created only if missing, so that a role without the right to create tables can start after another has migrated.
      if (!(await there()))
        await exec('CREATE TABLE migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)')
    },
    async applied() {
      if (!(await there())) return []
      return (await client.query<{ name: string; checksum: string }>('SELECT name, checksum FROM migrations')).rows
    },
    async atomically(work) {
      await exec('BEGIN')
      try {
        await work()
        await exec('COMMIT')
      } catch (error) {
        await exec('ROLLBACK').catch(() => undefined)
        throw error
      }
    },
  }
}

function lineOf(client: pg.ClientBase): Line {
  return lineOver(client, (oid) => types.getTypeParser(oid, 'text'))
}

function databaseOver(client: pg.ClientBase, line: Line): Database {
  const connection = connectionOver(client, line)
  return new Database(dialectOver(connection), connection)
}

function dialectOver(connection: Connection): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driverOver(connection),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

function connectionOver(client: pg.ClientBase, line: Line): Connection {
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const { rows, count, command } = await line.ask(sql, parameters)
      return { rows: rows as R[], ...(command !== 'SELECT' && { numAffectedRows: BigInt(count) }) }
    },
    executeLater: async ({ sql, parameters }) => line.keep(sql, parameters),
    /** Only one stream at a time per connection, and only inside a transaction. */
    async *streamQuery<R>({ sql, parameters }: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
      await line.ask(`DECLARE stream NO SCROLL CURSOR FOR ${sql}`, parameters)
      for (;;) {
        const { rows } = await client.query(`FETCH ${chunkSize} FROM stream`)
        if (rows.length === 0) break
        yield { rows: rows as R[] }
      }
      await client.query('CLOSE stream')
    },
  }
}
