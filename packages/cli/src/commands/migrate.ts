// `cashdesk migrate`: brings the database to the schema of this version, or says what that would take.

import { parseArgs } from 'node:util'
import { migrateStore } from '@cashdesk/store'

export const MIGRATE_USAGE = `cashdesk migrate [--check] [--database URL] [--json]

  --check     changes nothing; lists what is pending, and is exit 1 when something is
  --database  CASHDESK_DATABASE_URL, or sqlite:./data/cashdesk.db; a SQLite file must not be in use by a server`

export async function migrate(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { check: { type: 'boolean', default: false }, database: { type: 'string' }, json: { type: 'boolean', default: false } },
  })
  const url = values.database ?? process.env['CASHDESK_DATABASE_URL'] ?? 'sqlite:./data/cashdesk.db'
  const names = await migrateStore(url, values.check ? 'list' : 'apply')
  if (values.json) console.log(JSON.stringify(values.check ? { pending: names } : { applied: names }))
  else if (names.length === 0) console.log('migrate: the schema is up to date · 数据库结构已是最新')
  else for (const name of names) console.log(values.check ? `pending  待应用  ${name}` : `applied  已应用  ${name}`)
  return values.check && names.length > 0 ? 1 : 0
}
