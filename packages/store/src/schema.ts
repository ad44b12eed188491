// The tables as Kysely sees them. The truth is in migrations/.

export interface Tables {
  settings: { name: string; value: string }
  orders: OrdersTable
  refunds: RefundsTable
  refund_history: {
    merchant: string
    out_refund_no: string
    version: number
    from_state: string
    to_state: string
    source: string
    source_ref: string | null
    detail: string | null
    created_at: number
  }
  order_history: {
    merchant: string
    out_trade_no: string
    version: number
    from_state: string
    to_state: string
    source: string
    source_ref: string | null
    detail: string | null
    created_at: number
  }
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
  notifications: {
    merchant: string
    id: string
    event_type: string
    original_type: string
    out_trade_no: string | null
    outcome: 'observed' | 'not ours' | 'ignored'
    received_at: number
  }
  events: {
    id: string
    merchant: string
    type: string
    out_trade_no: string | null
    out_refund_no: string | null
    incident_id: string | null
    version: number
    data: string
    created_at: number
  }
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
    op: 'place' | 'query' | 'close' | 'refund' | 'query_refund'
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
  webhook_endpoints: {
    id: string
    merchant: string
    url: string
    secret: string
    secret_before: string | null
    secret_before_until: number | null
    disabled_at: number | null
    created_at: number
  }
  webhook_deliveries: {
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
  sessions: { token_hash: string; appid: string; openid: string; created_at: number; expires_at: number }
  api_keys: ApiKeysTable
  processes: { id: string; seen_at: number }
  reviews: {
    merchant: string
    out_trade_no: string
    decision: 'accepted' | 'rejected'
    reason: string
    proposed_by: string
    proposed_at: number
    confirmed_by: string | null
    confirmed_at: number | null
  }
  audit_log: {
    seq: number
    at: number
    who: string
    act: string
    merchant: string
    subject: string
    detail: string
    prev_hash: string
    hash: string
  }
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
  state: 'created' | 'ordering' | 'pending' | 'closing' | 'failed' | 'closed' | 'review' | 'paid'
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
  decision: 'accepted' | 'rejected' | null
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
  state: 'requested' | 'processing' | 'abnormal' | 'rejected' | 'closed' | 'succeeded'
  version: number
  request: string
  source: 'api' | 'console'
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
