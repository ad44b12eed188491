// Lines about strangers: a few of each kind at once, then one that says how many more there were. Who sends garbage must not fill the disk.

import type { Clock } from '@cashdesk/sdk'
import type { Log, LogFields } from '../log.ts'

const LINES_MAX = 5
const WINDOW_MS = 10_000

interface Window {
  until: number
  lines: number
  left_out: number
}

/** Lines that differ in event, merchant or code are of different kinds. */
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
