// `cashdesk audit`: checks the data for broken promises, without asking WeChat.

import { openStore } from '@cashdesk/store'
import { type Command, command } from '../command/declaration.ts'
import { DATABASE, JSON_OUTPUT } from '../options.ts'
import { UsageError } from '../usage-error.ts'
import { printViolations } from '../violations.ts'

export const audit: Command = command({
  name: 'audit',
  text: { en: 'check the database for broken promises', zh: '核账：检查数据库中是否有承诺被违反' },
  more: {
    en: 'Reads only, and asks nobody. Compares orders, refunds, events and ledger with each other.',
    zh: '只读，不联网。核对订单、退款、事件与账目是否一致。',
  },
  options: {
    database: DATABASE,
    grace: { value: 'SECONDS', default: '300', read: graceOf, text: { en: 'how long due work may wait', zh: '到期事项可等待的时间' } },
    json: JSON_OUTPUT,
  },
  examples: [
    { line: 'cashdesk audit', text: { en: 'check ./data/cashdesk.db', zh: '检查 ./data/cashdesk.db' } },
    {
      line: 'cashdesk audit --database postgres://cashdesk@db.example.com/cashdesk --json',
      text: { en: 'for a script, beside running servers', zh: '供脚本使用，可与服务同时运行' },
    },
  ],
  exit: { 1: { en: 'a promise is broken, or there is no database', zh: '核账发现问题，或没有数据库' } },

  async run({ database, grace, json }, _, talk) {
    const { say, progress } = talk
    const store = await openStore(database, { data_keys: 'not needed', existing: true, migrations: 'refuse' })
    const line = progress({ en: 'auditing', zh: '正在核账' })
    const violations = await store.audit(Date.now() - grace * 1000).finally(line.end)
    const { orders, refunds, events, ledger } = await store.counts()
    await store.close()
    if (json) {
      console.log(JSON.stringify({ violations, looked_at: { orders, refunds, events, ledger } }))
      return violations.length === 0 ? 0 : 1
    }
    console.log(
      say({
        en: `looked at ${orders} orders, ${refunds} refunds, ${events} events, ${ledger} ledger entries`,
        zh: `已检查订单 ${orders}、退款 ${refunds}、事件 ${events}、账目 ${ledger}`,
      }),
    )
    return printViolations(violations, talk)
  },
})

function graceOf(text: string): number {
  const grace = Number(text)
  if (!(grace >= 0)) throw new UsageError({ en: `--grace takes seconds, not ${text}.`, zh: `--grace 须为秒数，不能是 ${text}。` })
  return grace
}
