// What may be logged. Only what is named here is, so that nothing secret slips in.

/** One line about what happened. */
export type Log = (event: string, fields?: LogFields) => void

export interface LogFields {
  merchant?: string
  out_trade_no?: string
  state?: string
  code?: string
  status?: number
  method?: string
  path?: string
  notification_id?: string
  request_id?: string | undefined
  /** WeChat's sentence, and the field that it names, without what names the payer. */
  wechat_message?: string
  wechat_field?: string
  /** What a buyer was told to quote. */
  support_id?: string
  /** Of a key of WeChat that a message names. */
  serial?: string
  detail?: string
}
