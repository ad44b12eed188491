// The notifications that WeChat signed.

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
  /** False when this id was inserted before. */
  insert(row: NotificationRow): Promise<boolean>
  /** Oldest first. */
  ofOrder(merchant: string, out_trade_no: string): Promise<NotificationRow[]>
  count(merchant: string): Promise<number>
}
