// Opens the memory that a database URL names: `sqlite:./data/cashdesk.db`, or `sqlite::memory:` for a test.

import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { auditSqlite } from './audit/audit.ts'
import { kyselyOver, openDatabase } from './dialects/sqlite.ts'
import { eventIds } from './event-id.ts'
import { groupCommit } from './group-commit.ts'
import { migrateSqlite } from './migrate.ts'
import { events } from './sql/events.ts'
import { incidents } from './sql/incidents.ts'
import { notifications } from './sql/notifications.ts'
import { orders } from './sql/orders.ts'
import { refunds } from './sql/refunds.ts'
import { sessions } from './sql/sessions.ts'
import { settings } from './sql/settings.ts'
import { webhooks } from './sql/webhooks.ts'
import { type Store, StoreError, type Tx } from './store.ts'

export interface StoreWindows {
  /** Epoch milliseconds. */
  now(): number
  random(bytes: number): Uint8Array
}

const SYSTEM: StoreWindows = { now: () => Date.now(), random: (bytes) => randomBytes(bytes) }

/** `?max_page_count=N` caps the file's size. @throws StoreError */
export function openStore(url: string, windows: StoreWindows = SYSTEM): Store {
  const match = /^sqlite:([^?]+)(?:\?max_page_count=([0-9]+))?$/.exec(url)
  if (!match?.[1]) throw new StoreError('STORE_UNAVAILABLE', `Not a database URL we know: ${scheme(url)} (expected sqlite:PATH)`)
  const path = match[1] === ':memory:' ? ':memory:' : resolve(match[1])
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })

  const database = openDatabase(path)
  migrateSqlite(database, windows.now())
  if (match[2]) database.exec(`PRAGMA max_page_count = ${match[2]}`)
  const db = kyselyOver(database)
  const eventId = eventIds(windows.random)
  const tx: Tx = {
    orders: orders(db, eventId),
    refunds: refunds(db, eventId),
    notifications: notifications(db),
    events: events(db),
    incidents: incidents(db),
    webhooks: webhooks(db),
    sessions: sessions(db),
    settings: settings(db),
  }
  const transact = groupCommit(database)
  return {
    transaction: (work) => transact(() => work(tx)),
    // In a transaction of its own, so that it sees one moment.
    audit: (cutoff) => transact(async () => auditSqlite(database, cutoff)),
    async close() {
      if (database.isOpen) database.close()
    },
  }
}

/** A database URL may carry a password, so only its beginning is shown. */
function scheme(url: string): string {
  return `${url.split(':')[0]}:…`
}
