// The port: what the journeys may ask of the memory. Everything happens inside a transaction; what one may do to each kind of row is beside this file.

import type { Counts } from '../transfer/tables.ts'
import type { ApiKeys } from './api-keys.ts'
import type { AuditLog } from './audit-log.ts'
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
   * Runs `work` atomically and durably: when this resolves, what was written survives a crash. `work` may be repeated, so it writes only through `tx`,
   * and it never waits for the network. `reserved` goes before everything else, or over connections of its own: for what must not wait behind requests.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>, lane?: Lane): Promise<T>
  /** For how many milliseconds the ordinary transaction that has waited longest has not begun; 0 when none waits. */
  backlog_ms(): number
  /** Every broken promise that the data shows; none is what must be. `cutoff`: what was due before it must not be waiting. Of all checks, or those named. */
  audit(cutoff: number, checks?: readonly string[]): Promise<Violation[]>
  /**
   * Copies the database, in use, to a new file, reads the copy whole and audits it. Undefined where the database has tools of its own for that (PostgreSQL).
   * @throws StoreError STORE_BACKUP
   */
  backupTo?: ((path: string) => Promise<BackupManifest>) | undefined
  /** Where the database lies; undefined where that is not on this machine. */
  folder?: string | undefined
  /** What is open, as of one moment: read by indexes that hold only what is open, so that it costs the same beside a million closed orders. */
  vitals(now: number): Promise<Vitals>
  /** How many rows each table has. */
  counts(): Promise<Counts>
  /** How the database stands to this version of Cashdesk. */
  schema(): Promise<Schema>
  /** Every row as of one moment, as text (transfer/lines.ts). `write` is called again only when it has resolved. Values that are sealed stay so. */
  exportTo(write: (text: string) => Promise<void>): Promise<Counts>
  /** All of an export, or nothing of it; into an empty database only. @throws StoreError STORE_IMPORT */
  importFrom(chunks: AsyncIterable<string>): Promise<Counts>
  close(): Promise<void>
}

/** Names of migrations. A database that fits has none of these. */
export interface Schema {
  pending: string[]
  /** Applied, and of another version. */
  unknown: string[]
  /** Applied with other contents than ours have. */
  changed: string[]
}

/** What is known of a copy; written beside it as JSON. */
export interface BackupManifest {
  cashdesk_backup: 1
  /** RFC 3339: what was acknowledged before is in it. */
  created_at: string
  /** The newest migration. */
  schema: string
  bytes: number
  sha256: string
  rows: Counts
  /** Ids of the data keys that are needed to read it; the keys themselves are not in it. */
  data_keys: string[]
  /** Broken promises that the audit found in it. */
  violations: Violation[]
}

/** A broken promise that the audit found. */
export interface Violation {
  check: string
  promise: string
  merchant: string
  /** The order, refund, event or reference. */
  subject: string
}

/** Name of the setting that client secrets are derived from. */
export const CLIENT_SECRET_KEY = 'client_secret_key'

/** Times are epoch milliseconds, and null where there is nothing. */
export interface Vitals {
  /** Orders that wait for WeChat's word or for a person, and since when the oldest does. */
  orders: { state: 'ordering' | 'closing' | 'review'; count: number; oldest: number }[]
  refunds: { state: 'requested' | 'processing' | 'abnormal'; count: number; oldest: number; amount: number }[]
  /** Rows whose time has come. */
  due: { queue: 'orders' | 'refunds' | 'events'; count: number; oldest: number | null }[]
  /** Rows that were taken up again and again for nothing. */
  stuck: number
  /** When the oldest event became true that an endpoint has not got. */
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
}
