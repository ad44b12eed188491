// The port: what journeys may do with the database. Everything happens inside a transaction; the files beside this one describe each kind of row.

import type { Counts } from '../transfer/tables.ts'
import type { ApiKeys } from './api-keys.ts'
import type { AuditLog } from './audit-log.ts'
import type { Books } from './books.ts'
import type { Events } from './events.ts'
import type { Incidents } from './incidents.ts'
import type { Notifications } from './notifications.ts'
import type { Orders } from './orders.ts'
import type { Processes, Schedule } from './processes.ts'
import type { Refunds } from './refunds.ts'
import type { Refusals } from './refusals.ts'
import type { Reviews } from './reviews.ts'
import type { Sessions } from './sessions.ts'
import type { Settings } from './settings.ts'
import type { Webhooks } from './webhooks.ts'

export type Lane = 'ordinary' | 'reserved'

export interface Store {
  /**
   * Runs `work` atomically and durably: when this resolves, what was written survives a crash. `work` may be repeated, so it must write only through `tx` and
   * must not wait for the network. `reserved` transactions run before all others, or over their own connections: for work that must not wait behind requests.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, lane?: Lane): Promise<T>
  /** Milliseconds that the longest waiting ordinary transaction has waited to begin; 0 when none waits. */
  backlog_ms(): number
  /** Runs the audit, or only the checks that are named, and returns every violation. `cutoff` (epoch ms): work that was due before it must not be waiting. */
  audit(cutoff: number, checks?: readonly string[]): Promise<Violation[]>
  /**
   * Copies the database while it is in use to a new file, reads the whole copy and audits it. Undefined for a database with its own tools (PostgreSQL).
   * @throws StoreError STORE_BACKUP
   */
  backupTo?: ((path: string) => Promise<BackupManifest>) | undefined
  /** The folder of the database file; undefined if the database is not a file on this machine. */
  folder?: string | undefined
  /** Counts of what is open, at one moment. It reads partial indexes of open rows, so a million closed orders do not make it slower. */
  vitals(now: number): Promise<Vitals>
  /** The number of rows in each table. */
  counts(): Promise<Counts>
  /** Compares the database's schema with that of this version. */
  schema(): Promise<Schema>
  /** Exports every row, at one moment, as text (transfer/lines.ts). `write` is not called again before it has resolved. Sealed values stay sealed. */
  exportTo(write: (text: string) => Promise<void>): Promise<Counts>
  /** Imports a whole export or nothing, into an empty database only. @throws StoreError STORE_IMPORT */
  importFrom(chunks: AsyncIterable<string>): Promise<Counts>
  close(): Promise<void>
}

/** Names of migrations that differ between database and this version. All lists are empty if they match. */
export interface Schema {
  pending: string[]
  /** Applied, but unknown to this version. */
  unknown: string[]
  /** Applied with contents that differ from ours. */
  changed: string[]
}

/** The manifest of a copy; written beside it as JSON. */
export interface BackupManifest {
  cashdesk_backup: 1
  /** RFC 3339: everything acknowledged before this time is in the copy. */
  created_at: string
  /** The newest migration. */
  schema: string
  bytes: number
  sha256: string
  rows: Counts
  /** Ids of the data keys that are needed to read the copy. It does not contain the keys themselves. */
  data_keys: string[]
  /** Violations that the audit found in the copy. */
  violations: Violation[]
}

/** A promise that the audit found broken. */
export interface Violation {
  check: string
  promise: string
  merchant: string
  /** The order, refund, event or reference. */
  subject: string
}

/** Name of the setting from which client secrets are derived. */
export const CLIENT_SECRET_KEY = 'client_secret_key'

/** Times are epoch milliseconds, or null if there is no row. */
export interface Vitals {
  /** Orders that wait for WeChat or for a person, and since when the oldest waits. */
  orders: { state: 'ordering' | 'closing' | 'review'; count: number; oldest: number }[]
  refunds: { state: 'requested' | 'processing' | 'abnormal'; count: number; oldest: number; amount: number }[]
  /** Rows that are due. */
  due: { queue: 'orders' | 'refunds' | 'events'; count: number; oldest: number | null }[]
  /** Rows that were claimed many times without a result. */
  stuck: number
  /** Time of the oldest event that an endpoint has not received. */
  undelivered_since: number | null
  exhausted: number
  incidents: { kind: string; count: number }[]
}

export interface Tx {
  orders: Orders
  refunds: Refunds
  notifications: Notifications
  events: Events
  incidents: Incidents
  refusals: Refusals
  webhooks: Webhooks
  sessions: Sessions
  settings: Settings
  apiKeys: ApiKeys
  processes: Processes
  reviews: Reviews
  auditLog: AuditLog
  schedule: Schedule
  books: Books
}
