// The reason of a database error in one word, for logs, /readyz and a metric label. Never the database's own text, which may quote its input.

/** Primary result codes of SQLite. */
const SQLITE: Readonly<Record<number, string>> = {
  5: 'locked',
  6: 'locked',
  8: 'read_only',
  10: 'io_error',
  11: 'corrupt',
  13: 'disk_full',
  14: 'cannot_open',
  19: 'constraint',
  26: 'not_a_database',
}

/** Classes and codes of SQLSTATE; the longest match counts. */
const SQLSTATE: readonly [prefix: string, reason: string][] = [
  ['53100', 'disk_full'],
  ['53300', 'too_many_connections'],
  ['25006', 'read_only'],
  ['40001', 'serialization'],
  ['40P01', 'deadlock'],
  ['55P03', 'locked'],
  ['57014', 'timeout'],
  ['57P', 'shut_down'],
  ['08', 'connection'],
  ['23', 'constraint'],
  ['28', 'not_allowed'],
  ['58', 'io_error'],
]

const SYSTEM: Readonly<Record<string, string>> = { ENOSPC: 'disk_full', EROFS: 'read_only', EACCES: 'not_allowed', EIO: 'io_error' }

/** Searches the error and its causes. `unknown` if none of them tells the reason. */
export function reasonOf(error: unknown): string {
  for (let one = error; one !== undefined && one !== null; one = (one as { cause?: unknown }).cause) {
    const { code, errcode, message } = one as { code?: unknown; errcode?: unknown; message?: unknown }
    if (typeof errcode === 'number') return SQLITE[errcode & 0xff] ?? `sqlite_${errcode & 0xff}`
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code))
      return SQLSTATE.find(([prefix]) => code.startsWith(prefix))?.[1] ?? `sqlstate_${code}`
    if (typeof code === 'string' && code in SYSTEM) return SYSTEM[code] ?? code
    if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return code === 'ETIMEDOUT' ? 'timeout' : 'connection'
    // Errors of pg's pool have no codes.
    if (typeof message === 'string' && /timeout/i.test(message)) return 'timeout'
    if (typeof message === 'string' && /connection terminated|not open|ended/i.test(message)) return 'connection'
  }
  return 'unknown'
}
