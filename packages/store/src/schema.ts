// The types of the tables for Kysely. The schema itself is in migrations/. A row that is returned unchanged has the type from the port.

import type { Difference, Order, Refund } from '@cashdesk/domain'
import type { AuditLogRow } from './port/audit-log.ts'
import type { BillDay, BillFile, DifferenceHistoryRow, FundRow, TradeRow } from './port/books.ts'
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
  bill_files: BillFile
  bill_pieces: { file: number; n: number; base64: string }
  bill_trades: TradeRow & { file: number }
  bill_funds: FundRow & { file: number }
  bill_days: BillDay
  differences: Omit<Difference, 'detail'> & { detail: string; run: number }
  difference_history: DifferenceHistoryRow & { id: string }
  migrations: { name: string; checksum: string; applied_at: number }
}

/** An order's own fields are its columns, except those that a column cannot hold as they are. */
export type OrdersTable = Omit<Order, 'amount' | 'metadata' | 'late'> & {
  amount_total: number
  amount_currency: 'CNY'
  /** JSON. */
  metadata: string | null
  late: number
  idempotency_key: string | null
  claims: number
}

export type RefundsTable = Refund & { mchid: string; claims: number }

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
