// `cashdesk repair`: after a restored backup or a lost machine, asks WeChat what became of everything. Exit 0 when all was heard and nothing needs a person.

import { parseArgs } from 'node:util'
import { createWorld, type Found, readConfig, repair as repairWorld } from '@cashdesk/server'
import { openStore } from '@cashdesk/store'
import { UsageError } from '../usage.ts'

export const REPAIR_USAGE = `cashdesk repair [--since TIME] [--merchant ID] [--rate N] [--json]

  --since     RFC 3339, such as 2026-11-24T00:00:00+08:00: also every order and refund placed since, whatever its state here
  --merchant  only that one
  --rate      questions to WeChat a second; 20
  --config    the configuration; CASHDESK_CONFIG, or ./cashdesk.json
  --database  CASHDESK_DATABASE_URL, or sqlite:./data/cashdesk.db; a SQLite file must not be in use by a server, PostgreSQL may`

export async function repair(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      since: { type: 'string' },
      merchant: { type: 'string' },
      rate: { type: 'string', default: '20' },
      config: { type: 'string' },
      database: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  const per_second = Number(values.rate)
  if (!(per_second > 0 && per_second <= 400)) throw new UsageError(`--rate takes 1 to 400 a second, not ${values.rate}`)
  const since = timeOf(values.since)
  const config = readConfig(values.config ?? process.env['CASHDESK_CONFIG'] ?? './cashdesk.json')
  const url = values.database ?? process.env['CASHDESK_DATABASE_URL'] ?? 'sqlite:./data/cashdesk.db'
  const store = await openStore(url, { data_keys: config.data_keys, existing: true })
  try {
    const print = (found: Found): void => console.log(values.json ? JSON.stringify(found) : foundLine(found))
    const { merchant } = values
    const result = await repairWorld(createWorld(config, { store, retries: 2 }), { merchant, since, per_second, report: print })
    console.log(values.json ? JSON.stringify(result) : repairSummary(result))
    return result.no_answer + result.for_a_person === 0 ? 0 : 1
  } finally {
    await store.close()
  }
}

function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) throw new UsageError(`--since takes RFC 3339, such as 2026-11-24T00:00:00+08:00, not ${text}`)
  return time
}

export function foundLine({ merchant, kind, number, what, from, to }: Found): string {
  switch (what) {
    case 'changed':
      return `${merchant}  ${kind} ${number}  ${from} → ${to}`
    case 'no answer':
      return `${merchant}  ${kind} ${number}  ${from}, WeChat did not answer: run it again  微信未应答，请再次运行`
    case 'needs a person':
      return `${merchant}  ${kind} ${number}  ${from} → ${to}, needs a person  须人工处理`
  }
}

export function repairSummary({ asked, changed, no_answer, for_a_person }: Awaited<ReturnType<typeof repairWorld>>): string {
  return (
    `repair: ${asked} asked, ${changed} changed, ${no_answer} without an answer, ${for_a_person} for a person` +
    ` · 共查询 ${asked}，变更 ${changed}，未应答 ${no_answer}，须人工处理 ${for_a_person}`
  )
}
