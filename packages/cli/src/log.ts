// Log lines as JSON, one event a line, on standard error: standard output is for people.

import type { Log } from '@cashdesk/server'

let waiting = ''

/** The lines of one turn of the event loop are written together, in one call. */
export const jsonLog: Log = (event, fields) => {
  if (waiting === '') setImmediate(write)
  waiting += `${JSON.stringify({ time: new Date().toISOString(), event, ...fields })}\n`
}

function write(): void {
  process.stderr.write(waiting)
  waiting = ''
}

process.once('exit', () => {
  if (waiting !== '') write()
})
