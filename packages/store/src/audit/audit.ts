// Runs every check in one snapshot and says which promises are broken, for which subjects.

import type { DatabaseSync } from 'node:sqlite'
import { CHECKS } from './checks.ts'

export interface Violation {
  check: string
  promise: string
  merchant: string
  /** The order, refund, event or reference. */
  subject: string
}

/** `cutoff` is epoch milliseconds: what was due before it and is still waiting is forgotten. */
export function auditSqlite(database: DatabaseSync, cutoff: number): Violation[] {
  return CHECKS.flatMap(({ name, promise, sql }) => {
    const statement = database.prepare(sql)
    const rows = sql.includes(':cutoff') ? statement.all({ cutoff }) : statement.all()
    return rows.map((row) => ({ check: name, promise, merchant: String(row['merchant']), subject: String(row['subject']) }))
  })
}
