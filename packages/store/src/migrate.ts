// Migrations: numbered SQL, forward only, each applied once in one transaction and known by its checksum.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { StoreError } from './store.ts'

const FOLDER = new URL('../migrations/', import.meta.url)

/** What a migration needs of a database, whichever it is. */
export interface MigrationTarget {
  engine: 'sqlite' | 'postgres'
  /** One or more statements without parameters. */
  exec(sql: string): Promise<void>
  applied(): Promise<{ name: string; checksum: string }[]>
  /** All of `work`, or nothing of it. */
  atomically(work: () => Promise<void>): Promise<void>
}

/** Brings the database to the newest schema. Returns what was applied. @throws StoreError STORE_SCHEMA when it holds a migration that we do not know or that was changed. */
export async function migrate(target: MigrationTarget, now: number): Promise<string[]> {
  const files = readdirSync(FOLDER)
    .filter((name) => name.endsWith(`.${target.engine}.sql`))
    .sort()
  const applied = new Map((await target.applied()).map(({ name, checksum }) => [name, checksum]))
  for (const name of applied.keys()) {
    if (!files.includes(name))
      throw new StoreError('STORE_SCHEMA', `The database was migrated by a newer Cashdesk (${name}). Run that version.`)
  }
  const fresh: string[] = []
  for (const name of files) if (await apply(target, name, applied.get(name), now)) fresh.push(name)
  return fresh
}

async function apply(target: MigrationTarget, name: string, before: string | undefined, now: number): Promise<boolean> {
  const sql = readFileSync(new URL(name, FOLDER), 'utf8')
  const checksum = createHash('sha256').update(sql).digest('hex')
  if (before === checksum) return false
  if (before !== undefined) throw new StoreError('STORE_SCHEMA', `Migration ${name} is not the one that was applied to this database.`)
  await target.atomically(async () => {
    await target.exec(sql)
    // Name and checksum are ours: letters, digits and hex.
    await target.exec(`INSERT INTO migrations (name, checksum, applied_at) VALUES ('${name}', '${checksum}', ${Math.trunc(now)})`)
  })
  return true
}
