// Opens the memory that a database URL names: `sqlite:./data/cashdesk.db`, `postgres://user@host/name`, or `sqlite::memory:` for a test.

import { randomBytes } from 'node:crypto'
import { openPostgres } from './dialects/postgres.ts'
import { openSqlite } from './dialects/sqlite.ts'
import { eventIds } from './event-id.ts'
import { type Store, StoreError } from './store.ts'

export interface StoreWindows {
  /** Epoch milliseconds. */
  now(): number
  random(bytes: number): Uint8Array
}

const SYSTEM: StoreWindows = { now: () => Date.now(), random: (bytes) => randomBytes(bytes) }

/** SQLite: `?max_page_count=N` caps the file's size. PostgreSQL: whatever libpq takes, and `?pool_max=N`. Migrates first. @throws StoreError */
export async function openStore(url: string, windows: StoreWindows = SYSTEM): Promise<Store> {
  const opening = { now: windows.now, eventId: eventIds(windows.random) }
  if (/^postgres(ql)?:\/\//.test(url)) return openPostgres(url, opening)
  const sqlite = /^sqlite:([^?]+)(?:\?max_page_count=([0-9]+))?$/.exec(url)
  if (!sqlite?.[1])
    throw new StoreError('STORE_UNAVAILABLE', `Not a database URL we know: ${scheme(url)} (expected sqlite:PATH or postgres://…)`)
  return openSqlite(sqlite[1], { ...opening, pages_max: sqlite[2] })
}

/** A database URL may carry a password, so only its beginning is shown. */
function scheme(url: string): string {
  return `${url.split(':')[0]}:…`
}
