// The types of the tables for Kysely. The schema itself is in migrations/. A row that is returned unchanged has the type from the port.

import type { Order, Refund } from '@cashdesk/domain'
import type { AuditLogRow } from './port/audit-log.ts'
import type { EventRow } from './port/events.ts'
import type { NotificationRow } from './port/notifications.ts'
import type { HistoryRow } from './port/orders.ts'
import type { Refusal } from './port/refusals.ts'
import type { Review } from './port/reviews.ts'
import type { Session } from './port/sessions.ts'
import type { DeliveryRow, WebhookEndpoint } from './port/webhooks.ts'

export interface Tables {
  settings: { name: string; value: string }
  orders: OrdersTable
  refunds: RefundsTable
  refund_history: HistoryRow & { merchant: string; out_refund_no: string }
  order_history: HistoryRow & { merchant: string; out_trade_no: string }
  ledger: {
    merchant: string
    code: string
    subject: string
    debit: string
    credit: string
    amount: number
    occurred_at: number
    created_at: number
  }
  notifications: NotificationRow
  events: EventRow
  incidents: {
    merchant: string
    kind: string
    subject: string
    detail: string
    state: 'open' | 'resolved'
    created_at: number
    id: string | null
    resolved_at: number | null
    resolved_by: string | null
    note: string | null
  }
  refusals: {
    merchant: string
    out_trade_no: string
    out_refund_no: string
    op: Refusal['op']
    status: number
    code: string
    message: string
    field: string | null
    request_id: string | null
    signed: number
    support_id: string | null
    times: number
    first_at: number
    last_at: number
  }
  webhook_endpoints: WebhookEndpoint
  webhook_deliveries: DeliveryRow
  sessions: Session
  api_keys: ApiKeysTable
  processes: { id: string; seen_at: number }
  reviews: Review
  audit_log: AuditLogRow
  migrations: { name: string; checksum: string; applied_at: number }
}

export interface OrdersTable {
  merchant: string
  out_trade_no: string
  idempotency_key: string | null
  mchid: string
  sub_mchid: string | null
  reference: string | null
  description: string
  amount_total: number
  amount_currency: 'CNY'
  attach: string | null
  metadata: string | null
  state: Order['state']
  version: number
  appid: string | null
  openid: string | null
  request: string | null
  attempts: number
  prepay_id: string | null
  prepay_expires_at: number | null
  expires_at: number
  transaction_id: string | null
  paid_at: number | null
  payer_total: number | null
  decision: Order['decision']
  paid_total: number | null
  late: number
  refund_reserved: number
  refunded_total: number
  refund_count: number
  failure: string | null
  next_check_at: number | null
  claims: number
  created_at: number
  updated_at: number
}

export interface RefundsTable {
  merchant: string
  out_refund_no: string
  mchid: string
  out_trade_no: string
  amount: number
  currency: 'CNY'
  reason: string | null
  state: Refund['state']
  version: number
  request: string
  source: Refund['source']
  attempts: number
  refund_id: string | null
  succeeded_at: number | null
  received_account: string | null
  failure: string | null
  next_check_at: number | null
  claims: number
  created_at: number
  updated_at: number
}

export interface ApiKeysTable {
  prefix: string
  key_hash: string
  name: string
  merchants: string
  scopes: string
  created_at: number
  expires_at: number | null
  last_used_at: number | null
  revoked_at: number | null
  made_by: string | null
}
