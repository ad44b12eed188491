// What WeChat said no with.

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
