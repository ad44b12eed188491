// The port: what the journeys may ask of the memory. Everything happens inside a transaction.

import type { DeliveryOutcome, IncidentKind, Order, Placement, Refund, RefundStep, Step } from '@cashdesk/domain'
import type { Violation } from './audit/audit.ts'
import { reasonOf } from './reason.ts'
import type { Counts } from './transfer/tables.ts'

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

export interface Schedule {
  /** Makes due what is planned further ahead than any pause is long. Says how many rows. */
  pullIn(now: number): Promise<{ orders: number; refunds: number; deliveries: number }>
}

export interface Processes {
  /** Writes that this one is at work, forgets those not seen since then, and counts the rest with this one. */
  seen(id: string, now: number, since: number): Promise<number>
  gone(id: string): Promise<void>
}

/** Why a row changed. */
export interface Evidence {
  source: 'api' | 'notification' | 'query' | 'close' | 'schedule'
  /** What can be looked up: a notification's id, a request id. */
  ref?: string | undefined
}

export interface Orders {
  /**
   * Writes a new order with its history: as it was placed and, where it went on at once, as it is then. A taken number, key or open reference
   * is an answer, not an error.
   */
  insert(
    order: Order,
    idempotency_key: string | null,
    evidence: Evidence,
    next?: Order,
  ): Promise<'inserted' | 'number taken' | 'key taken' | 'reference open'>
  find(merchant: string, out_trade_no: string): Promise<Order | undefined>
  findByKey(merchant: string, idempotency_key: string): Promise<Order | undefined>
  /** The one open order that carries the merchant's own reference. */
  openByReference(merchant: string, reference: string): Promise<Order | undefined>
  /** A paid one; there may be several, and each beyond the first is an incident. */
  paidByReference(merchant: string, reference: string): Promise<Order | undefined>
  /** Whom an order at WeChat belongs to: `mchid` is the signing merchant. */
  findAtWechat(mchid: string, out_trade_no: string): Promise<Order | undefined>
  /** Like `find`, and nobody else changes the order until this transaction ends. */
  lock(merchant: string, out_trade_no: string): Promise<Order | undefined>
  /** Writes a step whole: the row (guarded by its version), history, ledger, events, incidents. Returns the order as stored. */
  record(before: Order, step: Step, evidence: Evidence, now: number): Promise<Order>
  /** Only when to look next and how often was asked: no history. */
  reschedule(order: Order): Promise<void>
  /** Takes orders whose next look is due, the longest waiting first, for a while: what is not rescheduled by then is taken again. */
  claim(now: number, limit: number): Promise<Order[]>
  /** Newest first, after the cursor. */
  list(merchant: string, page: OrderPage): Promise<Order[]>
  history(merchant: string, out_trade_no: string): Promise<HistoryRow[]>
  /** The order about which a buyer was told to quote this. */
  findBySupportId(merchant: string, support_id: string): Promise<Order | undefined>
  /** Numbers of those that are open, and of all that were placed since. */
  unresolved(merchant: string, since?: number | undefined): Promise<string[]>
}

export interface Refunds {
  /** Holds the amount on the order and writes the refund with its first history row, or does neither. */
  insert(refund: Refund, mchid: string, evidence: Evidence): Promise<'inserted' | 'number taken' | 'not refundable'>
  find(merchant: string, out_refund_no: string): Promise<Refund | undefined>
  /** Like `find`, and nobody else changes the refund until this transaction ends. Lock the order first. */
  lock(merchant: string, out_refund_no: string): Promise<Refund | undefined>
  /** Writes a step whole: the row (guarded by its version), history, the order's sums, ledger, events, incidents. */
  record(before: Refund, step: RefundStep, evidence: Evidence, now: number): Promise<Refund>
  /** Only when to look next, how often was asked, and why it could not be done yet: no history. */
  reschedule(refund: Refund): Promise<void>
  claim(now: number, limit: number): Promise<Refund[]>
  /** Oldest first. */
  ofOrder(merchant: string, out_trade_no: string): Promise<Refund[]>
  history(merchant: string, out_refund_no: string): Promise<HistoryRow[]>
  /** Numbers of those that are open, and of all that were asked for since. */
  unresolved(merchant: string, since?: number | undefined): Promise<string[]>
}

export interface OrderPage {
  limit: number
  state?: Order['state'] | undefined
  /** The last order of the page before. */
  after?: { created_at: number; out_trade_no: string } | undefined
}

export interface HistoryRow {
  version: number
  from_state: string
  to_state: string
  source: string
  source_ref: string | null
  /** JSON text: what is noted beside the move (domain `Notes`). */
  detail: string | null
  created_at: number
}

export interface NotificationRow {
  merchant: string
  /** WeChat's id of the notification. */
  id: string
  event_type: string
  original_type: string
  out_trade_no: string | null
  outcome: 'observed' | 'not ours' | 'ignored'
  received_at: number
}

export interface Notifications {
  /** False when this id was seen before. */
  insert(row: NotificationRow): Promise<boolean>
  /** Oldest first. */
  ofOrder(merchant: string, out_trade_no: string): Promise<NotificationRow[]>
  count(merchant: string): Promise<number>
}

export interface EventRow {
  id: string
  merchant: string
  type: string
  /** Null on events of an incident. */
  out_trade_no: string | null
  /** Present on events of a refund. */
  out_refund_no: string | null
  /** Present on events of an incident. */
  incident_id: string | null
  /** The version of order or refund when it became true. */
  version: number
  /** The order, refund or incident as it was, as JSON text. */
  data: string
  created_at: number
}

export interface Events {
  /** Oldest first, after the event with that id. */
  list(merchant: string, page: { limit: number; after?: string | undefined }): Promise<EventRow[]>
  /** Oldest first. */
  ofOrder(merchant: string, out_trade_no: string): Promise<EventRow[]>
  /** The id of the newest of all; empty where there is none. */
  newest(): Promise<string>
}

export interface WebhookEndpoint {
  id: string
  merchant: string
  url: string
  /** `whsec_…` */
  secret: string
  /** Signs too, until then: the merchant changes over without a gap. */
  secret_before: string | null
  secret_before_until: number | null
  disabled_at: number | null
  created_at: number
}

export interface ClaimedDelivery {
  endpoint: WebhookEndpoint
  event: EventRow
  /** Counts this one; also what tells a stale claim from the newest. */
  attempts: number
}

export interface SettledDelivery {
  event_id: string
  endpoint_id: string
  attempts: number
  outcome: DeliveryOutcome
  status: number | null
  error: string | null
  now: number
}

export interface DeliveryRow {
  event_id: string
  endpoint_id: string
  merchant: string
  state: 'pending' | 'succeeded' | 'exhausted'
  attempts: number
  next_attempt_at: number | null
  last_status: number | null
  last_error: string | null
  updated_at: number
}

export interface Replayed {
  from: number
  /** Not included. */
  to: number
  /** Only events of which a delivery was given up. */
  exhausted: boolean
  /** Events after this one. */
  after: string
  limit: number
}

export interface Webhooks {
  insertEndpoint(endpoint: WebhookEndpoint): Promise<void>
  /** Seals the secrets that an earlier version, or one without a data key, kept in plain text. */
  sealSecrets(): Promise<void>
  endpoints(merchant: string): Promise<WebhookEndpoint[]>
  /** The old secret goes on signing until `before_until`. False when there is no such endpoint. */
  rotateSecret(merchant: string, id: string, secret: string, before_until: number): Promise<boolean>
  disable(merchant: string, id: string, now: number): Promise<boolean>
  /** Takes what is due, for a while: what is not settled by then is taken again. `room` says how many each endpoint can have now. */
  claim(now: number, room: (endpoint_id: string) => number): Promise<ClaimedDelivery[]>
  /** False when another has taken over meanwhile; then nothing was written. */
  settle(delivery: SettledDelivery): Promise<boolean>
  deliveries(merchant: string, event_id: string): Promise<DeliveryRow[]>
  /** Sends an event to every endpoint once more, under its own id. False when there is no such event. */
  replay(merchant: string, event_id: string, now: number): Promise<boolean>
  /** The same for many, the oldest first, at most so many. */
  replayMany(merchant: string, which: Replayed, now: number): Promise<string[]>
}

export interface NewIncident {
  merchant: string
  kind: IncidentKind
  /** The number that it is about: of an order, a refund, a notification, or the merchant's own reference. */
  subject: string
  detail: Readonly<Record<string, string>>
  now: number
}

export interface IncidentRow {
  id: string
  merchant: string
  kind: IncidentKind
  subject: string
  /** JSON text: an object of texts. */
  detail: string
  state: 'open' | 'resolved'
  created_at: number
  resolved_at: number | null
  /** Which API key; null also for one that was resolved before this was kept. */
  resolved_by: string | null
  note: string | null
}

export interface IncidentPage {
  limit: number
  state?: IncidentRow['state'] | undefined
  kind?: IncidentKind | undefined
  /** The id of the last incident of the page before. */
  after?: string | undefined
}

export interface Incidents {
  /** Opens an incident, with its event, unless the same one is open already. */
  open(incident: NewIncident): Promise<void>
  find(merchant: string, id: string): Promise<IncidentRow | undefined>
  openOne(merchant: string, kind: IncidentKind, subject: string): Promise<IncidentRow | undefined>
  /** A person has dealt with it: ended with its event. One that has ended stays as it is. Returns it as it is then. */
  resolve(incident: IncidentRow, end: { by: string; note: string; now: number }): Promise<IncidentRow>
  /** Newest first. */
  list(merchant: string, page: IncidentPage): Promise<IncidentRow[]>
  count(merchant: string): Promise<number>
  /** About an order, its merchant's own reference, or a refund: oldest first. */
  about(merchant: string, subjects: readonly string[]): Promise<IncidentRow[]>
}

/** WeChat said no to a call about an order, or about one of its refunds. */
export interface Refusal {
  merchant: string
  out_trade_no: string
  /** Null for what is about the order itself. */
  out_refund_no: string | null
  op: 'place' | 'query' | 'close' | 'refund' | 'query_refund'
  /** Of HTTP. */
  status: number
  /** WeChat's code; empty when the answer had none. */
  code: string
  /** WeChat's text, without what names the payer. */
  message: string
  field: string | null
  request_id: string | null
  /** Whether the answer's signature was verified. */
  signed: boolean
  /** What the buyer was told to quote. */
  support_id: string | null
}

export interface KeptRefusal extends Refusal {
  /** How often WeChat said it. Texts, request_id and support_id are the last ones. */
  times: number
  first_at: number
  last_at: number
}

export interface Refusals {
  /** The same code to the same call again is counted. */
  keep(refusal: Refusal, now: number): Promise<void>
  /** The first one said first. */
  ofOrder(merchant: string, out_trade_no: string): Promise<KeptRefusal[]>
}

export interface Session {
  /** SHA-256 of the token, hex. */
  token_hash: string
  appid: string
  openid: string
  created_at: number
  expires_at: number
}

export interface Sessions {
  insert(session: Session): Promise<void>
  /** A session that has not expired. */
  find(token_hash: string, now: number): Promise<Session | undefined>
  removeExpired(now: number): Promise<void>
}

export interface Settings {
  get(name: string): Promise<string | undefined>
  /** Of those that begin so. */
  names(prefix: string): Promise<string[]>
  /** Writes, whatever was there: what proves that the database can. */
  write(name: string, value: string): Promise<void>
  /** Keeps the value that is already there. Returns what is kept. */
  keep(name: string, value: string): Promise<string>
  /** The same for a value that nobody who reads the database may learn. */
  keepSecret(name: string, value: string): Promise<string>
  /** Seals a value that an earlier version, or one without a data key, kept in plain text. */
  sealSecret(name: string): Promise<void>
}

export interface ApiKeyRow {
  /** Names the key without opening anything. */
  prefix: string
  name: string
  merchants: string[]
  scopes: string[]
  created_at: number
  expires_at: number | null
  /** To the minute. */
  last_used_at: number | null
  revoked_at: number | null
  /** Which key made it: a prefix, or `config:` and the beginning of a configured key's hash. Null where that is not known. */
  made_by: string | null
}

/** Of a key only the SHA-256 is known here, in hex. */
export interface ApiKeys {
  insert(row: ApiKeyRow, key_hash: string): Promise<void>
  /** The key, unless it has expired or was revoked; notes that it was used. */
  use(key_hash: string, now: number): Promise<ApiKeyRow | undefined>
  /** The key, and nobody else revokes it or makes keys with it until this transaction ends. */
  lock(prefix: string): Promise<ApiKeyRow | undefined>
  /** Newest first. */
  list(): Promise<ApiKeyRow[]>
  /** The keys that this one made itself, newest first. */
  madeBy(id: string): Promise<ApiKeyRow[]>
  revoke(prefix: string, now: number): Promise<void>
}

export interface Proposal {
  merchant: string
  out_trade_no: string
  decision: 'accepted' | 'rejected'
  reason: string
  /** Which API key. */
  proposed_by: string
  proposed_at: number
}

export interface Review extends Proposal {
  /** Another key; null while it is waited for. */
  confirmed_by: string | null
  confirmed_at: number | null
}

export interface Reviews {
  find(merchant: string, out_trade_no: string): Promise<Review | undefined>
  /** In place of whatever was proposed before. */
  propose(proposal: Proposal): Promise<Review>
  confirm(review: Review, confirmed_by: string, confirmed_at: number): Promise<void>
}

export interface OperatorAct {
  at: number
  /** Which API key: its prefix, or `config:` and the beginning of its hash. */
  who: string
  act: string
  merchant: string
  subject: string
  detail: Readonly<Record<string, unknown>>
}

export interface AuditLogRow extends Omit<OperatorAct, 'detail'> {
  seq: number
  /** JSON text. */
  detail: string
  prev_hash: string
  hash: string
}

export interface AuditLog {
  /** The last thing a transaction does: from here on others who append wait for its end. */
  append(act: OperatorAct): Promise<void>
  /** Oldest first, after the row with that number. */
  list(merchant: string, page: { limit: number; after?: number | undefined }): Promise<AuditLogRow[]>
}

/**
 * Nothing of the transaction was kept. `STORE_UNAVAILABLE`: the memory cannot be used now, and the same may be tried again. `STORE_INPUT`: a value that
 * the database cannot hold. `STORE_MISSING`: there is no database, and none was made. `STORE_CONSTRAINT`: a rule of the schema refused it, which the code should have done before. `STORE_BACKUP`: a copy could not be made, or is none that could be restored.
 */
export class StoreError extends Error {
  readonly code:
    | 'STORE_UNAVAILABLE'
    | 'STORE_MISSING'
    | 'STORE_INPUT'
    | 'STORE_CONSTRAINT'
    | 'STORE_IN_USE'
    | 'STORE_CONFLICT'
    | 'STORE_SCHEMA'
    | 'STORE_IMPORT'
    | 'STORE_KEY'
    | 'STORE_BACKUP'

  /** Why, in one word: `disk_full`, `read_only`, `locked`, `connection`, `timeout`, … */
  readonly reason: string

  constructor(code: StoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StoreError'
    this.code = code
    this.reason = reasonOf(options?.cause)
  }
}

export type { Placement }
