// Reads what WeChat signed, field by field. A signature proves the sender, not that every field is as documented. A field that cannot be read is
// named in the notes or the incident, and no value is passed on that a database could refuse.

/** China has no daylight saving time: Beijing is UTC+8 all year. */
const BEIJING_MS = 8 * 60 * 60 * 1000
const TIME = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/i
const COMPACT_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/
/** Plausible range of a time from WeChat: WeChat Pay started after 2010. Our own clock is no bound, because it may be wrong. */
const EARLIEST = Date.UTC(2010, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)

export interface Moment {
  /** Epoch milliseconds. */
  at: number
  /** Set when WeChat's own time could not be read and `at` is the time of receipt. */
  note?: string
}

/** Reads an RFC 3339 time of WeChat. A time without a zone is Beijing time. An unreadable one becomes `now`, the time of receipt, with a `note`. */
export function momentOf(value: unknown, now: number): Moment {
  const at = parsed(value)
  if (at !== undefined && at >= EARLIEST && at < LATEST) return { at }
  return { at: now, note: `${shown(value)}: not a time that can be true, so the time of receipt stands here` }
}

function parsed(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const [, ...parts] = TIME.exec(value) ?? COMPACT_TIME.exec(value) ?? []
  if (parts.length === 0) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(0, 6).map(Number)
  const local = Date.UTC(year, month - 1, day, hour, minute, second)
  // Date.UTC turns 30 February into 1 March, so a date that does not exist is recognised by the difference.
  if (new Date(local).toISOString().slice(0, 19) !== isoOf([year, month, day, hour, minute, second])) return undefined
  return local - offsetOf(parts[6])
}

function isoOf([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: readonly number[]): string {
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`
}

function offsetOf(zone: string | undefined): number {
  if (zone === undefined) return BEIJING_MS
  if (zone.toUpperCase() === 'Z') return 0
  const [hours = 0, minutes = 0] = [zone.slice(1, 3), zone.slice(-2)].map(Number)
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

/** The text, if it has at most `max` characters and PostgreSQL and SQLite both return it unchanged: no NUL, no half of a surrogate pair. Otherwise null. */
export function storableText(value: unknown, max: number): string | null {
  return typeof value === 'string' && value !== '' && value.length <= max && !/\p{Surrogate}/u.test(value) && !value.includes('\0')
    ? value
    : null
}

/** An identifier that WeChat assigned: 1 to 64 visible ASCII characters. Otherwise null. */
export function nameOf(value: unknown): string | null {
  return typeof value === 'string' && /^[\x21-\x7e]{1,64}$/.test(value) ? value : null
}

/** An amount in fen. Otherwise null. */
export function fenOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** A value as an operator sees it in an incident: plain text as it is, anything else as JSON; cut to a short length. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' && /^[\x20-\x7e\p{L}\p{N}\p{P}]*$/u.test(value) ? value : (JSON.stringify(value) ?? 'undefined')
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`
}
