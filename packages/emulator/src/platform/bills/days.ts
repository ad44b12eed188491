// Days of bills. They are days in Beijing; a bill is made at 09:00 of the next day and can be fetched from 10:00, for three months (v3-endpoints §5.1).

import { beijingTime } from '@cashdesk/protocol'
import { paramError, Refusal } from '../refusal.ts'

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS

export interface BillDay {
  bill_date: string
  /** Epoch ms, inclusive. */
  from: number
  /** Epoch ms, exclusive. */
  to: number
  /** When the bill is made, epoch ms: the bill holds the results of refunds up to then. */
  made_at: number
}

/** The day of this bill. @throws Refusal when there is no such day, or its bill is not ready */
export function billDay(bill_date: string, now: number): BillDay {
  const from = Date.parse(`${bill_date}T00:00:00+08:00`)
  if (Number.isNaN(from) || beijingTime(from).slice(0, 10) !== bill_date) throw wrongDate(bill_date, '不是合法的日期')
  if (bill_date >= beijingTime(now).slice(0, 10)) throw wrongDate(bill_date, '必须早于当天')
  if (bill_date < threeMonthsBefore(now)) throw wrongDate(bill_date, '仅支持三个月内的账单')
  const to = from + DAY_MS
  if (now < to + 9 * HOUR_MS) throw noStatement()
  if (now < to + 10 * HOUR_MS) throw new Refusal(400, 'STATEMENT_CREATING', '账单生成中')
  return { bill_date, from, to, made_at: to + 9 * HOUR_MS }
}

export function noStatement(): Refusal {
  return new Refusal(400, 'NO_STATEMENT_EXIST', '账单文件不存在')
}

export function within({ from, to }: BillDay, time: string): boolean {
  const at = Date.parse(time)
  return at >= from && at < to
}

/** A time as bills write it: `2026-11-24 18:30:00`. */
export function billTime(ms: number): string {
  return beijingTime(ms).slice(0, 19).replace('T', ' ')
}

function threeMonthsBefore(now: number): string {
  const today = new Date(Date.parse(`${beijingTime(now).slice(0, 10)}T00:00:00Z`))
  today.setUTCMonth(today.getUTCMonth() - 3)
  return today.toISOString().slice(0, 10)
}

function wrongDate(bill_date: string, issue: string): Refusal {
  return paramError(`输入源“/query/bill_date”映射到值字段“账单日期”字符串规则校验失败，${issue}`, {
    field: 'bill_date',
    value: bill_date,
    issue,
    location: 'query',
  })
}
