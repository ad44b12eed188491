// Migrations: numbered SQL, forward only, each applied once in one transaction and known by its checksum.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from './store.ts'

const FOLDER = new URL('../migrations/', import.meta.url)

/** Brings the database to the newest schema. @throws StoreError STORE_SCHEMA when it holds a migration that we do not know or that was changed. */
export function migrateSqlite(database: DatabaseSync, now: number): void {
  database.exec('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT')
  const files = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sqlite.sql'))
    .sort()
  const applied = new Map<string, string>()
  for (const row of database.prepare('SELECT name, checksum FROM migrations').all()) {
    applied.set(String(row['name']), String(row['checksum']))
  }
  for (const name of applied.keys()) {
    if (!files.includes(name))
      throw new StoreError('STORE_SCHEMA', `The database was migrated by a newer Cashdesk (${name}). Run that version.`)
  }
  for (const name of files) apply(database, name, applied.get(name), now)
}

function apply(database: DatabaseSync, name: string, before: string | undefined, now: number): void {
  const sql = readFileSync(new URL(name, FOLDER), 'utf8')
  const checksum = createHash('sha256').update(sql).digest('hex')
  if (before === checksum) return
  if (before !== undefined) throw new StoreError('STORE_SCHEMA', `Migration ${name} is not the one that was applied to this database.`)
  database.exec('BEGIN IMMEDIATE')
  try {
    database.exec(sql)
    database.prepare('INSERT INTO migrations (name, checksum, applied_at) VALUES (?, ?, ?)').run(name, checksum, now)
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}
