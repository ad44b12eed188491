// What the merchant's backend is told.

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
