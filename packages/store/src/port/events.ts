// Events for the merchant's backend.

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
  /** The version of the order or refund that the event reports. */
  version: number
  /** The order, refund or incident at that version, as JSON text. */
  data: string
  created_at: number
}

export interface Events {
  /** Oldest first, after the event with that id. */
  list(merchant: string, page: { limit: number; after?: string | undefined }): Promise<EventRow[]>
  /** Oldest first. */
  ofOrder(merchant: string, out_trade_no: string): Promise<EventRow[]>
  /** The id of the newest event of all merchants; empty if there is none. */
  newest(): Promise<string>
}
