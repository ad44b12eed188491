// A refund as the merchant's backend sees it, in the API and in events.

import type { Refund, RefundState } from './refund.ts'

export interface RefundView {
  merchant: string
  out_refund_no: string
  out_trade_no: string
  amount: { refund: number; currency: 'CNY' }
  reason: string | null
  /** `console`: made on WeChat's merchant platform, not through this API. */
  source: 'api' | 'console'
  state: RefundState
  version: number
  refund_id: string | null
  /** RFC 3339, as all times here. */
  succeeded_at: string | null
  received_account: string | null
  failure: string | null
  created_at: string
  updated_at: string
}

export function refundView(refund: Refund): RefundView {
  const time = (ms: number): string => new Date(ms).toISOString()
  return {
    merchant: refund.merchant,
    out_refund_no: refund.out_refund_no,
    out_trade_no: refund.out_trade_no,
    amount: { refund: refund.amount, currency: refund.currency },
    reason: refund.reason,
    source: refund.source,
    state: refund.state,
    version: refund.version,
    refund_id: refund.refund_id,
    succeeded_at: refund.succeeded_at === null ? null : time(refund.succeeded_at),
    received_account: refund.received_account,
    failure: refund.failure,
    created_at: time(refund.created_at),
    updated_at: time(refund.updated_at),
  }
}
