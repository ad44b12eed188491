// The acts of operators. The hash of each row includes that of the row before. Only acts of people are recorded here, not what happens to every order.

import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { AuditLog, AuditLogRow } from '../port/audit-log.ts'
import type { Tables } from '../schema.ts'
import type { Locking } from './locking.ts'

const FIRST_HASH = '0'.repeat(64)

export function auditLog(db: Kysely<Tables>, locking: Locking): AuditLog {
  return {
    async append({ at, who, act, merchant, subject, detail }) {
      await locking.holdTable(db, 'audit_log')
      const last = await db.selectFrom('audit_log').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
      const row = {
        seq: (last?.seq ?? 0) + 1,
        at,
        who,
        act,
        merchant,
        subject,
        detail: JSON.stringify(detail),
        prev_hash: last?.hash ?? FIRST_HASH,
      }
      await db
        .insertInto('audit_log')
        .values({ ...row, hash: hashOf(row) })
        .execute()
    },
    list: (merchant, { limit, after }) =>
      db
        .selectFrom('audit_log')
        .selectAll()
        .where('merchant', '=', merchant)
        .where('seq', '>', after ?? 0)
        .orderBy('seq')
        .limit(limit)
        .execute(),
  }
}

/** Rows whose contents, number or predecessor have changed since they were written. */
export async function brokenLinks(db: Kysely<Tables>): Promise<AuditLogRow[]> {
  const broken: AuditLogRow[] = []
  let before = { seq: 0, hash: FIRST_HASH }
  for await (const row of db.selectFrom('audit_log').selectAll().orderBy('seq').stream(500)) {
    if (row.seq !== before.seq + 1 || row.prev_hash !== before.hash || row.hash !== hashOf(row)) broken.push(row)
    before = row
  }
  return broken
}

function hashOf({ seq, at, who, act, merchant, subject, detail, prev_hash }: Omit<AuditLogRow, 'hash'>): string {
  return createHash('sha256')
    .update(JSON.stringify([seq, at, who, act, merchant, subject, detail, prev_hash]))
    .digest('hex')
}
