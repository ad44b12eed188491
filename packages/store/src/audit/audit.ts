// Runs the checks in one snapshot and returns which promises are broken, for which subjects.

import { type Kysely, sql } from 'kysely'
import type { Violation } from '../port/store.ts'
import type { Tables } from '../schema.ts'
import { brokenLinks } from '../sql/audit-log.ts'
import { CHECKS } from './checks.ts'

const CHAIN = { check: 'A21_audit_log_is_a_chain', promise: 'what operators did is as it was written, and nothing of it is missing' }

/**
 * Call it inside a transaction with a single snapshot. `cutoff` and `now` are epoch
 * milliseconds: work that was due before `cutoff` and still waits was forgotten.
 */
export async function audit(db: Kysely<Tables>, cutoff: number, now: number, names?: readonly string[]): Promise<Violation[]> {
  const violations: Violation[] = []
  for (const check of CHECKS) {
    if (names && !names.includes(check.name)) continue
    const question = check.sql.replaceAll(':cutoff', String(Math.trunc(cutoff))).replaceAll(':now', String(Math.trunc(now)))
    const { rows } = await sql.raw<{ merchant: string; subject: string }>(question).execute(db)
    for (const { merchant, subject } of rows) violations.push({ check: check.name, promise: check.promise, merchant, subject })
  }
  // SQLite has no SHA-256, so this check cannot be written in SQL.
  for (const { merchant, seq } of await brokenLinks(db)) violations.push({ ...CHAIN, merchant, subject: `audit_log ${seq}` })
  return violations
}
