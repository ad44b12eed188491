// The database of a test: SQLite in memory, or its own schema in the PostgreSQL that the project `postgres` starts.

import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { inject } from 'vitest'
import './postgres-setup.ts'

export const ENGINE: 'sqlite' | 'postgres' = process.env['CASHDESK_TEST_ENGINE'] === 'postgres' ? 'postgres' : 'sqlite'

/** A new empty database. `file`: an SQLite file that survives its process. */
export async function aDatabase(file?: string): Promise<string> {
  if (ENGINE === 'sqlite') return `sqlite:${file ?? ':memory:'}`
  const url = inject('postgres')
  const schema = `t${randomBytes(8).toString('hex')}`
  await execute(url, `CREATE SCHEMA ${schema}`)
  return `${url}?options=-csearch_path%3D${schema}`
}

/** Removes every trigger, CHECK and foreign key, so that the test can write what a bug could write. */
export async function withoutGuards(url: string): Promise<void> {
  if (url.startsWith('sqlite:')) {
    const triggers = await execute(url, "SELECT name FROM sqlite_master WHERE type = 'trigger'")
    await execute(url, triggers.map(({ name }) => `DROP TRIGGER ${name};`).join(''))
    return
  }
  await execute(
    url,
    `DO $$ DECLARE r record; BEGIN
      FOR r IN SELECT tgname, tgrelid::regclass AS t FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
        WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace LOOP EXECUTE format('DROP TRIGGER %I ON %s', r.tgname, r.t); END LOOP;
      FOR r IN SELECT conname, conrelid::regclass AS t FROM pg_constraint WHERE contype IN ('c', 'f') AND connamespace = current_schema()::regnamespace
        LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', r.t, r.conname); END LOOP; END $$`,
  )
}

/** Runs raw SQL without the store, as a bug or a person could. Returns the rows of the last statement. */
export async function execute(url: string, sql: string): Promise<Record<string, unknown>[]> {
  if (url.startsWith('sqlite:')) {
    const database = new DatabaseSync(url.slice('sqlite:'.length))
    try {
      if (/^\s*SELECT/i.test(sql)) return database.prepare(sql).all()
      database.exec('PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;')
      database.exec(sql)
      return []
    } finally {
      database.close()
    }
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const results: pg.QueryResult | pg.QueryResult[] = await client.query(sql)
    return [results].flat().at(-1)?.rows ?? []
  } finally {
    await client.end()
  }
}
