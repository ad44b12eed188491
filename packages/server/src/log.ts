// The fields that may be logged. Only named fields exist, so that no secret can get into the log by accident.

import { StoreError } from '@cashdesk/store'

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
  /** WeChat's message, and the field that it names, without anything that identifies the payer. */
  wechat_message?: string
  wechat_field?: string
  /** The support id that the buyer was told to quote. */
  support_id?: string
  /** The serial of WeChat's key that a message names. */
  serial?: string
  detail?: string
  /** Why the database failed, in one word. */
  reason?: string
}

/** What a log line says about an error: its kind and code, and the reason for a database error. Its message is left out, because it may quote its input. */
export function causeOf(error: unknown): Pick<LogFields, 'detail' | 'reason'> {
  if (!(error instanceof Error)) return { detail: 'unknown' }
  const { code } = error as { code?: unknown }
  const detail = typeof code === 'string' && code !== '' ? `${error.name} ${code}` : error.name
  return error instanceof StoreError ? { detail, reason: error.reason } : { detail }
}
