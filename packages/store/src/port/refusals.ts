// Calls that WeChat refused.

/** WeChat refused a call about an order, or about one of its refunds. */
export interface Refusal {
  merchant: string
  out_trade_no: string
  /** Null if the call was about the order itself. */
  out_refund_no: string | null
  op: 'place' | 'query' | 'close' | 'refund' | 'query_refund'
  /** The HTTP status. */
  status: number
  /** WeChat's code; empty when the answer had none. */
  code: string
  /** WeChat's message, without anything that identifies the payer. */
  message: string
  field: string | null
  request_id: string | null
  /** Whether the answer's signature was verified. */
  signed: boolean
  /** The support id that the buyer was told to quote. */
  support_id: string | null
}

export interface KeptRefusal extends Refusal {
  /** How often WeChat answered so. Texts, request_id and support_id are those of the last time. */
  times: number
  first_at: number
  last_at: number
}

export interface Refusals {
  /** Stores a refusal. The same code for the same call is counted in one row. */
  keep(refusal: Refusal, now: number): Promise<void>
  /** In order of their first time. */
  ofOrder(merchant: string, out_trade_no: string): Promise<KeptRefusal[]>
}
