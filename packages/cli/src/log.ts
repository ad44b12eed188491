// Log lines as JSON, one event a line, on standard error: standard output is for people.

import type { Log } from '@cashdesk/server'

export const jsonLog: Log = (event, fields) => {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`)
}
