// `cashdesk audit`: proves the promises from the data alone. Exit 0 when nothing is broken, 1 when something is, or when there is no database.

import { parseArgs } from 'node:util'
import { openStore, type Violation } from '@cashdesk/store'
import { UsageError } from '../usage.ts'

export const AUDIT_USAGE = `cashdesk audit [--database URL] [--grace SECONDS] [--json]

  --database  CASHDESK_DATABASE_URL, or sqlite:./data/cashdesk.db; a SQLite file must not be in use by a server
  --grace     how long something due may still be waiting; 300`

export async function audit(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { database: { type: 'string' }, grace: { type: 'string', default: '300' }, json: { type: 'boolean', default: false } },
  })
  const grace = Number(values.grace)
  if (!(grace >= 0)) throw new UsageError(`--grace takes seconds, not ${values.grace}`)
  const store = await openStore(values.database ?? process.env['CASHDESK_DATABASE_URL'] ?? 'sqlite:./data/cashdesk.db', {
    data_keys: 'not needed',
    existing: true,
    migrations: 'refuse',
  })
  const violations = await store.audit(Date.now() - grace * 1000)
  const { orders, refunds, events, ledger } = await store.counts()
  await store.close()
  if (values.json) {
    console.log(JSON.stringify({ violations, looked_at: { orders, refunds, events, ledger } }))
    return violations.length === 0 ? 0 : 1
  }
  console.log(
    `looked at ${orders} orders, ${refunds} refunds, ${events} events, ${ledger} ledger entries · 已检查订单 ${orders}、退款 ${refunds}、事件 ${events}、账目 ${ledger}`,
  )
  return printViolations(violations)
}

/** Returns the exit code. */
export function printViolations(violations: readonly Violation[]): number {
  for (const { check, promise, merchant, subject } of violations) console.log(`${check}  ${merchant} ${subject}  broken: ${promise}`)
  console.log(
    violations.length === 0
      ? 'audit: every promise holds · 所有承诺均成立'
      : `audit: ${violations.length} broken · ${violations.length} 处不成立`,
  )
  return violations.length === 0 ? 0 : 1
}
