// `cashdesk restore`: restores a copy where no database is, and asks WeChat for the state of everything that is open in it.

import { resolve } from 'node:path'
import { readConfig } from '@cashdesk/server'
import { openStore, restore as restoreFile } from '@cashdesk/store'
import { type Command, command } from '../command/declaration.ts'
import type { Say } from '../command/language.ts'
import { CONFIG, DATABASE } from '../options.ts'
import { postgresHasItsOwn } from '../postgres-backup.ts'
import { repaired } from '../repaired.ts'
import { beijing } from '../story.ts'
import { printViolations } from '../violations.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export const restore: Command = command({
  name: 'restore',
  text: { en: 'restore a backup, and ask WeChat what happened since', zh: '恢复备份，并向微信查询此后的变化' },
  more: {
    en: 'Checks and audits the copy first. A copy that was cut or changed, one whose key is another, and one of a newer Cashdesk are refused; then nothing has changed.',
    zh: '先校验并核账。不完整或被改动、密钥不符、来自更新版本的备份会被拒绝，此时不做任何更改。',
  },
  options: {
    database: DATABASE,
    'data-key': {
      value: 'FILE',
      completes: 'file',
      text: {
        en: 'the key file of the database (cashdesk.db.key), where the configuration has no data_keys',
        zh: '数据库的密钥文件（cashdesk.db.key），配置中没有 data_keys 时使用',
      },
    },
    config: CONFIG,
    'no-repair': {
      text: {
        en: 'ask WeChat nothing; run `cashdesk repair` before the server starts',
        zh: '不查询微信；启动服务前请运行 `cashdesk repair`',
      },
    },
  },
  arguments: {
    FILE: { required: true, completes: 'file', text: { en: 'what `cashdesk backup` made', zh: '`cashdesk backup` 生成的备份' } },
  },
  examples: [
    {
      line: 'cashdesk restore copies/cashdesk-20261124T100000Z.db --data-key kept/cashdesk.db.key',
      text: { en: 'to ./data/cashdesk.db', zh: '恢复到 ./data/cashdesk.db' },
    },
  ],
  exit: {
    1: {
      en: 'nothing was restored, the audit found a broken promise, WeChat did not answer for all, or something needs a person',
      zh: '未能恢复、核账发现问题、微信未全部应答，或有事项需要人工处理',
    },
  },

  async run({ database, config: file, ...options }, { FILE: from }, talk) {
    const { say, progress } = talk
    const config = readConfig(file)
    const path = /^sqlite:([^?]+)/.exec(database)?.[1]
    if (path === undefined) throw postgresHasItsOwn()
    const line = progress({ en: 'checking and restoring', zh: '正在校验并恢复' })
    const { created_at, rows, violations } = await restoreFile({
      from: resolve(from),
      to: resolve(path),
      key_file: options['data-key'],
      data_keys: config.data_keys,
      now: Date.now(),
    }).finally(line.end)
    console.log(
      `${say({ en: `restored to ${path}`, zh: say.language === 'both' ? '已恢复' : `已恢复到 ${path}` })}: ${rows.orders} ${say({ en: 'orders', zh: '订单' }, ' ')}, ` +
        `${rows.refunds} ${say({ en: 'refunds', zh: '退款' }, ' ')}, ${rows.events} ${say({ en: 'events', zh: '事件' }, ' ')}`,
    )
    const code = printViolations(violations, talk)
    console.log(missingText(created_at, say))
    if (options['no-repair']) return code
    const store = await openStore(database, { data_keys: config.data_keys, existing: true })
    try {
      const since = created_at === undefined ? undefined : Date.parse(created_at) - DAY_MS
      const result = await repaired(config, store, { since, per_second: 20, json: false }, talk)
      return code + result.no_answer + result.for_a_person === 0 ? 0 : 1
    } finally {
      await store.close()
    }
  },
})

/** Warns of orders and refunds made after the copy: no query to WeChat can find them, because the copy does not contain their numbers. */
function missingText(created_at: string | undefined, say: Say): string {
  const when = created_at === undefined ? 'the copy was made' : beijing(created_at)
  const since = created_at === undefined ? '备份之后' : `${beijing(created_at)}（北京时间）之后`
  return say(
    {
      en: [
        `Orders and refunds from after ${when} are not in it. WeChat is not asked for them, because nothing here names them: a payment of one whose notification comes`,
        'again arrives as an incident orphan_payment; one that was answered before is only on the bill of its day (merchant platform, from 10:00 the next day).',
      ].join('\n'),
      zh: `${since}的订单与退款不在此备份中，无法逐笔向微信查询：通知再次送达的付款会成为异常 orphan_payment；此前已应答通知的，只能在当日账单中找到（次日 10:00 起可在商户平台下载）。`,
    },
    '\n',
  )
}
