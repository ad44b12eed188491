// `cashdesk repair`: after a restored backup or a lost machine, asks WeChat for the state of every open order and refund.

import { readConfig } from '@cashdesk/server'
import { openStore } from '@cashdesk/store'
import { type Command, command } from '../command/declaration.ts'
import { CONFIG, DATABASE, JSON_OUTPUT } from '../options.ts'
import { repaired } from '../repaired.ts'
import { UsageError } from '../usage-error.ts'

export const repair: Command = command({
  name: 'repair',
  text: { en: 'ask WeChat what became of everything that is open', zh: '向微信查询所有未完结的订单与退款' },
  more: {
    en: 'After a restored backup or a lost machine. It only learns and may be run again at any time. On PostgreSQL it also runs beside servers.',
    zh: '用于恢复备份或机器损坏之后。只查询，可随时重复运行；使用 PostgreSQL 时可与服务同时运行。',
  },
  options: {
    since: {
      value: 'TIME',
      read: timeOf,
      text: {
        en: 'RFC 3339, such as 2026-11-24T00:00:00+08:00: also every order and refund placed since, whatever its state here',
        zh: 'RFC 3339，例如 2026-11-24T00:00:00+08:00：同时查询该时间之后的全部订单与退款',
      },
    },
    merchant: { value: 'ID', text: { en: 'only this merchant', zh: '只查该商户' } },
    rate: { value: 'N', default: '20', read: rateOf, text: { en: 'questions to WeChat a second', zh: '每秒查询次数' } },
    config: CONFIG,
    database: DATABASE,
    json: JSON_OUTPUT,
  },
  examples: [
    {
      line: 'cashdesk repair --since 2026-11-24T00:00:00+08:00',
      text: { en: 'after a backup of that morning was restored', zh: '恢复当天早上的备份之后' },
    },
  ],
  exit: {
    1: { en: 'WeChat did not answer for all, or something needs a person', zh: '微信未全部应答，或有事项需要人工处理' },
  },

  async run({ since, merchant, rate, config: file, database, json }, _, talk) {
    const config = readConfig(file)
    const store = await openStore(database, { data_keys: config.data_keys, existing: true })
    try {
      const { asked, changed, no_answer, for_a_person } = await repaired(config, store, { since, merchant, per_second: rate, json }, talk)
      if (json) console.log(JSON.stringify({ asked, changed, no_answer, for_a_person }))
      return no_answer + for_a_person === 0 ? 0 : 1
    } finally {
      await store.close()
    }
  },
})

function timeOf(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(time)) return time
  throw new UsageError({
    en: `--since takes RFC 3339, such as 2026-11-24T00:00:00+08:00, not ${text}.`,
    zh: `--since 须为 RFC 3339 格式，例如 2026-11-24T00:00:00+08:00，不能是 ${text}。`,
  })
}

function rateOf(text: string): number {
  const rate = Number(text)
  if (rate > 0 && rate <= 400) return rate
  throw new UsageError({ en: `--rate takes 1 to 400 a second, not ${text}.`, zh: `--rate 须为每秒 1 到 400 次，不能是 ${text}。` })
}
