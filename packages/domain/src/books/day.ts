// The day of a merchant number: what its reconciliation may become, and when it is tried next.

/**
 * `waiting`: a bill is missing. `clean`: nothing differs. `explained`: the machine explained everything. `open`: a person must look. `empty`: WeChat says that
 * nothing moved, and we have nothing either. `unavailable`: the bill could not be had within WeChat's three months.
 */
export type DayState = 'waiting' | 'clean' | 'explained' | 'open' | 'empty' | 'unavailable'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Bills can be fetched from 10:00 Beijing of the next day. */
export function readyAt(date: string): number {
  return dayStart(date) + DAY + 10 * HOUR
}

/** Epoch milliseconds of 00:00 Beijing. */
export function dayStart(date: string): number {
  return Date.parse(`${date}T00:00:00+08:00`)
}

/** The Beijing day of a time. */
export function dayOf(at: number): string {
  return new Date(at + 8 * HOUR).toISOString().slice(0, 10)
}

export function dayAfter(date: string, days = 1): string {
  return dayOf(dayStart(date) + days * DAY)
}

/** WeChat keeps bills for three months; a day before this one can no longer be fetched. */
export function oldestDay(now: number): string {
  const today = new Date(`${dayOf(now)}T00:00:00Z`)
  today.setUTCMonth(today.getUTCMonth() - 3)
  return today.toISOString().slice(0, 10)
}

/** An alarm is due when a missing day falls out of the window within so many days. */
export const ALARM_DAYS = 7

/** A merchant without the permission for bills is refused for ever, so after so many attempts it is asked only now and then. */
const PATIENT_ATTEMPTS = 12

/** After STATEMENT_CREATING WeChat asks to try again every 30 minutes; after a failure sooner at first, then every 30 minutes, at last every six hours. */
export function nextTry(attempts: number, creating: boolean, now: number): number {
  if (creating) return now + 30 * MINUTE
  return now + (attempts > PATIENT_ATTEMPTS ? 6 * HOUR : Math.min(30 * MINUTE, MINUTE * 2 ** Math.min(attempts, 5)))
}

/** What a day's differences make of it. */
export function dayStateOf({ unsettled, settled, lines }: { unsettled: number; settled: number; lines: number }): DayState {
  if (unsettled > 0) return 'open'
  if (settled > 0) return 'explained'
  return lines === 0 ? 'empty' : 'clean'
}
