// A log for lines that unauthenticated callers can cause: a few lines of each kind,
// then one with the number of the rest. Garbage requests must not fill the disk.

import type { Clock } from '@cashdesk/sdk'
import type { Log, LogFields } from '../log.ts'

const LINES_MAX = 5
const WINDOW_MS = 10_000

interface Window {
  until: number
  lines: number
  left_out: number
}

/** Lines with different events, merchants or codes are different kinds. */
export function sampledLog(log: Log, clock: Clock): Log {
  const windows = new Map<string, Window>()
  return (event, fields: LogFields = {}) => {
    const kind = `${event} ${fields.merchant ?? ''} ${fields.code ?? ''}`
    const now = clock.now()
    const known = windows.get(kind)
    const window = known && now < known.until && now >= known.until - WINDOW_MS ? known : { until: now + WINDOW_MS, lines: 0, left_out: 0 }
    if (known !== window) {
      if (known && known.left_out > 0) log(event, { ...fields, detail: `and ${known.left_out} more like this before` })
      windows.set(kind, window)
    }
    if (window.lines >= LINES_MAX) window.left_out++
    else {
      window.lines++
      log(event, fields)
    }
  }
}
