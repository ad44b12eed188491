// `cashdesk migrate`: brings the database to this version's schema, or lists the pending migrations.

import { migrateStore } from '@cashdesk/store'
import { type Command, command } from '../command/declaration.ts'
import { DATABASE, JSON_OUTPUT } from '../options.ts'

export const migrate: Command = command({
  name: 'migrate',
  text: { en: 'bring the database to the schema of this version', zh: '将数据库迁移到本版本的结构' },
  options: {
    check: { text: { en: 'change nothing; list what is pending', zh: '不做更改，只列出待应用的迁移' } },
    database: DATABASE,
    json: JSON_OUTPUT,
  },
  examples: [
    {
      line: 'cashdesk migrate --check --database postgres://cashdesk@db.example.com/cashdesk',
      text: { en: 'before a new version is rolled out', zh: '发布新版本之前' },
    },
    { line: 'cashdesk migrate', text: { en: 'migrate ./data/cashdesk.db', zh: '迁移 ./data/cashdesk.db' } },
  ],
  exit: {
    1: {
      en: 'with --check, a migration is pending; otherwise, the database was not migrated',
      zh: '使用 --check 时：有待应用的迁移；否则：未能迁移',
    },
  },

  async run({ check, database, json }, _, { say, progress }) {
    const line = progress(check ? { en: 'reading the schema', zh: '正在读取数据库结构' } : { en: 'migrating', zh: '正在迁移' })
    const names = await migrateStore(database, check ? 'list' : 'apply').finally(line.end)
    const label = check ? { en: 'pending', zh: '待应用' } : { en: 'applied', zh: '已应用' }
    if (json) console.log(JSON.stringify(check ? { pending: names } : { applied: names }))
    else if (names.length === 0) console.log(`migrate: ${say({ en: 'the schema is up to date', zh: '数据库结构已是最新' })}`)
    else for (const name of names) console.log(`${say(label, '  ')}  ${name}`)
    return check && names.length > 0 ? 1 : 0
  },
})
