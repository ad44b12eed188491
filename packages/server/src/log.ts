// What may be logged. Only what is named here is, so that nothing secret slips in.

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
  /** WeChat's sentence, and the field that it names, without what names the payer. */
  wechat_message?: string
  wechat_field?: string
  /** What a buyer was told to quote. */
  support_id?: string
  /** Of a key of WeChat that a message names. */
  serial?: string
  detail?: string
  /** Why the database could not do it, in one word. */
  reason?: string
}

/** What a log line says of an error: its kind and code, and for the database why. Its text may quote what it was given, so that stays out. */
export function causeOf(error: unknown): Pick<LogFields, 'detail' | 'reason'> {
  if (!(error instanceof Error)) return { detail: 'unknown' }
  const { code } = error as { code?: unknown }
  const detail = typeof code === 'string' && code !== '' ? `${error.name} ${code}` : error.name
  return error instanceof StoreError ? { detail, reason: error.reason } : { detail }
}
