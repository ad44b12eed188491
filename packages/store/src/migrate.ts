// Migrations: numbered SQL files, forward only. Each is applied once, in one transaction, and identified by its checksum.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { StoreError } from './port/error.ts'
import type { Schema } from './port/store.ts'

const FOLDER = new URL('../migrations/', import.meta.url)

export type Engine = 'sqlite' | 'postgres'

export interface Applied {
  name: string
  checksum: string
}

/** What migrations need from either database. */
export interface MigrationTarget {
  engine: Engine
  /** One or more statements without parameters. */
  exec(sql: string): Promise<void>
  /** The applied migrations; empty for a new database. Changes nothing. */
  applied(): Promise<Applied[]>
  /** Creates the table of migrations, and locks out other processes until the connection ends. */
  prepare(): Promise<void>
  /** Runs `work` in one transaction. */
  atomically(work: () => Promise<void>): Promise<void>
}

/**
 * Migrates the database to the newest schema. Returns what was applied.
 * @throws StoreError STORE_SCHEMA when it contains a migration that is unknown or was changed.
 */
export async function migrate(target: MigrationTarget, now: number): Promise<string[]> {
  await target.prepare()
  const pending = await pendingMigrations(target)
  for (const name of pending) await apply(target, name, now)
  return pending
}

/** The migrations that `migrate` would apply. @throws StoreError STORE_SCHEMA as `migrate` does */
export async function pendingMigrations(target: MigrationTarget): Promise<string[]> {
  const { pending, unknown, changed } = schemaOf(target.engine, await target.applied())
  if (unknown[0] !== undefined)
    throw new StoreError('STORE_SCHEMA', `The database was migrated by a newer Cashdesk (${unknown[0]}). Run that version.\n${NEWER_ZH}`)
  if (changed[0] !== undefined)
    throw new StoreError('STORE_SCHEMA', `Migration ${changed[0]} is not the one that was applied to this database.`)
  return pending
}

const NEWER_ZH = '数据库已由更新版本的 Cashdesk 迁移，请运行该版本。'

/** Checks the schema in a process that must not migrate. @throws StoreError STORE_SCHEMA when the schema is not the one of this version */
export async function refuseOldSchema(target: MigrationTarget): Promise<string[]> {
  const pending = await pendingMigrations(target)
  if (pending.length === 0) return []
  throw new StoreError(
    'STORE_SCHEMA',
    `The database lacks ${pending.join(', ')}. Run \`cashdesk migrate\` first.\n数据库缺少上述迁移，请先运行 \`cashdesk migrate\`。`,
  )
}

/** Compares a database's migrations with those of this version. */
export function schemaOf(engine: Engine, applied: readonly Applied[]): Schema {
  const ours = migrationsOf(engine)
  const theirs = new Map(applied.map(({ name, checksum }) => [name, checksum]))
  const changed = ours.filter(({ name, checksum }) => theirs.has(name) && theirs.get(name) !== checksum)
  return {
    pending: ours.filter(({ name }) => !theirs.has(name)).map(({ name }) => name),
    unknown: [...theirs.keys()].filter((name) => !ours.some((one) => one.name === name)),
    changed: changed.map(({ name }) => name),
  }
}

const read = new Map<Engine, readonly (Applied & { sql: string })[]>()

function migrationsOf(engine: Engine): readonly (Applied & { sql: string })[] {
  const known = read.get(engine)
  if (known) return known
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(`.${engine}.sql`))
  const all = names.sort().map((name) => {
    const sql = readFileSync(new URL(name, FOLDER), 'utf8')
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
  })
  read.set(engine, all)
  return all
}

async function apply(target: MigrationTarget, wanted: string, now: number): Promise<void> {
  const migration = migrationsOf(target.engine).find(({ name }) => name === wanted)
  if (!migration) throw new TypeError(`no migration is called ${wanted}`)
  const { name, sql, checksum } = migration
  await target.atomically(async () => {
    await target.exec(sql)
    // Name and checksum come from us and contain only letters, digits and hex, so they need no escaping.
    await target.exec(`INSERT INTO migrations (name, checksum, applied_at) VALUES ('${name}', '${checksum}', ${Math.trunc(now)})`)
  })
}
