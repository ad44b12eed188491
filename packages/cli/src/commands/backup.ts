// `cashdesk backup` and `cashdesk restore`: a copy of a SQLite database in use, read whole and audited; and the way back, with what WeChat knows since.

import { createHash } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createWorld, type Found, readConfig, repair } from '@cashdesk/server'
import { type BackupManifest, openStore, restore as restoreFile } from '@cashdesk/store'
import { stopSignal } from '../stop.ts'
import { beijing } from '../story.ts'
import { UsageError } from '../usage.ts'
import { printViolations } from './audit.ts'
import { foundLine, repairSummary } from './repair.ts'

export const BACKUP_USAGE = `cashdesk backup --to DIR [--server URL | --database URL] [--every 1h [--keep 48]] [--json]
cashdesk restore FILE [--database URL] [--data-key FILE] [--no-repair]

  A copy of a SQLite database, also beside a running server: consistent, read whole, audited, sealed like the database. The data key is not in it: keep
  it elsewhere. PostgreSQL has its own tools. restore puts a copy where no database is, and asks WeChat what became of everything that is open in it.
  备份 SQLite 数据库（服务运行中亦可）：一致、全量校验并核账，内容加密方式与数据库相同；不含数据密钥，请另行保存。restore 恢复到没有数据库的位置，并向微信查询未完结的订单与退款。

  --to        a folder; copies are called cashdesk-TIME.db, each with its description in .json
  --server    a running server, with a key of scope backup in CASHDESK_API_KEY; otherwise --database, which must not be in use
  --every     again and again: 30s, 10m, 1h, 1d; until it is told to stop
  --keep      so many copies stay, the oldest go; all when absent
  --data-key  the key file of the database (cashdesk.db.key), where the configuration has no data_keys
  --no-repair asks WeChat nothing; run \`cashdesk repair\` before the server starts
  --config    the configuration; CASHDESK_CONFIG, or ./cashdesk.json
  --database  CASHDESK_DATABASE_URL, or sqlite:./data/cashdesk.db`

const DATABASE = 'sqlite:./data/cashdesk.db'

interface BackupValues {
  to: string
  server?: string | undefined
  database?: string | undefined
  keep?: number | undefined
  json: boolean
}

export async function backup(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      to: { type: 'string' },
      server: { type: 'string' },
      database: { type: 'string' },
      every: { type: 'string' },
      keep: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  })
  if (values.to === undefined) {
    console.log(BACKUP_USAGE)
    return 2
  }
  const { to, server, database, json } = values
  const one: BackupValues = { to: resolve(to), server, database, json, keep: values.keep === undefined ? undefined : whole(values.keep) }
  if (values.every === undefined) return once(one)
  return again(one, pauseOf(values.every))
}

async function again(values: BackupValues, pause_ms: number): Promise<number> {
  const stopped = stopSignal().then(() => true)
  for (;;) {
    const next = Date.now() + pause_ms
    // One that fails is told; the next may succeed.
    await once(values).catch((error: unknown) => console.error(error instanceof Error ? error.message : error))
    const paused = new Promise<false>((wake) => setTimeout(() => wake(false), Math.max(0, next - Date.now())))
    if (await Promise.race([stopped, paused])) return 0
  }
}

/** Exit 0 when the copy is there and every promise holds in it. */
async function once(values: BackupValues): Promise<number> {
  const { to, keep, json } = values
  mkdirSync(to, { recursive: true, mode: 0o700 })
  const began = performance.now()
  const part = join(to, `.cashdesk-${process.pid}.part`)
  try {
    const manifest = await (values.server === undefined ? fromFiles(values.database, part) : fromServer(values.server, part))
    const file = join(to, `cashdesk-${manifest.created_at.replaceAll(/[-:]|\.\d+/g, '')}.db`)
    if (existsSync(file)) throw new Error(`${file} exists already · 文件已存在`)
    // The description first: a copy without one is not taken for a finished one.
    durably(`${file}.json`, `${JSON.stringify(manifest, null, 2)}\n`)
    renameSync(part, file)
    synced(to)
    if (keep !== undefined) prune(to, keep)
    console.log(json ? JSON.stringify({ file, ...manifest }) : summary(file, manifest, performance.now() - began))
    return manifest.violations.length === 0 ? 0 : printViolations(manifest.violations)
  } finally {
    rmSync(part, { force: true })
  }
}

async function fromFiles(database: string | undefined, part: string): Promise<BackupManifest> {
  const url = database ?? process.env['CASHDESK_DATABASE_URL'] ?? DATABASE
  const store = await openStore(url, { data_keys: 'not needed', existing: true, migrations: 'refuse' })
  try {
    if (!store.backupTo) throw new Error(ELSEWHERE)
    return await store.backupTo(part)
  } finally {
    await store.close()
  }
}

const ELSEWHERE =
  'PostgreSQL is backed up with its own tools (pg_dump, pg_basebackup): docs/how-to/operate.md.\nPostgreSQL 请使用自带工具备份，见 docs/how-to/operate.zh-CN.md。'

async function fromServer(server: string, part: string): Promise<BackupManifest> {
  const key = process.env['CASHDESK_API_KEY']
  if (!key)
    throw new UsageError(
      '--server wants an API key with the scope backup in CASHDESK_API_KEY.\n使用 --server 时须在 CASHDESK_API_KEY 中提供 backup 权限的 API 密钥。',
    )
  const answer = await fetch(`${server.replace(/\/+$/, '')}/backup`, {
    headers: { authorization: `Bearer ${key}`, 'accept-language': 'en' },
  })
  if (answer.status === 404) throw new Error(ELSEWHERE)
  const head = answer.headers.get('cashdesk-backup')
  if (!answer.ok || head === null || !answer.body)
    throw new Error(`The server made no backup: ${answer.status} ${(await answer.text()).slice(0, 500)}`)
  const manifest = JSON.parse(head) as BackupManifest
  const file = openSync(part, 'w', 0o600)
  const hash = createHash('sha256')
  try {
    for await (const chunk of answer.body) {
      hash.update(chunk)
      writeSync(file, chunk)
    }
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  if (hash.digest('hex') !== manifest.sha256) throw new Error('The copy did not arrive whole; run it again.\n备份传输不完整，请重新运行。')
  return manifest
}

function durably(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 })
  synced(path)
}

function synced(path: string): void {
  const file = openSync(path, 'r')
  fsyncSync(file)
  closeSync(file)
}

const NAME = /^cashdesk-\d{8}T\d{6}Z\.db$/

function prune(folder: string, keep: number): void {
  const copies = readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
  for (const name of copies.slice(0, Math.max(0, copies.length - keep)))
    for (const suffix of ['', '.json']) rmSync(join(folder, `${name}${suffix}`), { force: true })
}

function summary(file: string, { bytes, rows, data_keys }: BackupManifest, ms: number): string {
  const size = `${(bytes / 1024 ** 2).toFixed(1)} MB, ${(ms / 1000).toFixed(1)} s`
  const key = data_keys.length === 0 ? '' : `\n  sealed with ${data_keys.join(', ')}: the key is not in it · 不含数据密钥，请另行保存`
  return `${file}  ${size}, ${rows.orders} orders 订单, ${rows.refunds} refunds 退款, every promise looked at 已核账${key}`
}

export async function restore(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      database: { type: 'string' },
      'data-key': { type: 'string' },
      config: { type: 'string' },
      'no-repair': { type: 'boolean', default: false },
    },
  })
  const [from] = positionals
  if (from === undefined) {
    console.log(BACKUP_USAGE)
    return 2
  }
  const config = readConfig(values.config ?? process.env['CASHDESK_CONFIG'] ?? './cashdesk.json')
  const url = values.database ?? process.env['CASHDESK_DATABASE_URL'] ?? DATABASE
  const path = /^sqlite:([^?]+)/.exec(url)?.[1]
  if (path === undefined) throw new Error(ELSEWHERE)
  const { created_at, rows, violations } = await restoreFile({
    from: resolve(from),
    to: resolve(path),
    key_file: values['data-key'],
    data_keys: config.data_keys,
    now: Date.now(),
  })
  console.log(`restored to ${path} · 已恢复: ${rows.orders} orders 订单, ${rows.refunds} refunds 退款, ${rows.events} events 事件`)
  const code = printViolations(violations)
  console.log(missingText(created_at))
  if (values['no-repair']) return code
  const store = await openStore(url, { data_keys: config.data_keys, existing: true })
  try {
    const since = created_at === undefined ? undefined : Date.parse(created_at) - DAY_MS
    const report = (found: Found): void => console.log(foundLine(found))
    const result = await repair(createWorld(config, { store, retries: 2 }), { since, per_second: 20, report })
    console.log(repairSummary(result))
    return code + result.no_answer + result.for_a_person === 0 ? 0 : 1
  } finally {
    await store.close()
  }
}

const DAY_MS = 24 * 60 * 60 * 1000

/** What no question to WeChat can find, because nothing here names it. */
function missingText(created_at: string | undefined): string {
  const when = created_at === undefined ? 'the copy was made' : beijing(created_at)
  const zeit = created_at === undefined ? '备份之后' : `${beijing(created_at)}（北京时间）之后`
  return [
    `Orders and refunds from after ${when} are not in it. WeChat is not asked for them, because nothing here names them: a payment of one whose notification comes`,
    'again arrives as an incident orphan_payment; one that was answered before is only on the bill of its day (merchant platform, from 10:00 the next day).',
    `${zeit}的订单与退款不在此备份中，无法逐笔向微信查询：通知再次送达的付款会成为异常 orphan_payment；此前已应答通知的，只能在当日账单中找到（次日 10:00 起可在商户平台下载）。`,
  ].join('\n')
}

function whole(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`--keep takes a number from 1, not ${text}`)
  return value
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS }

function pauseOf(text: string): number {
  const [, count = '', unit = ''] = /^([0-9]+)([smhd])$/.exec(text) ?? []
  const pause = Number(count) * (UNITS[unit] ?? 0)
  if (!(pause >= 1000 && pause <= 7 * DAY_MS)) throw new UsageError(`--every takes 30s, 10m, 1h or 1d, not ${text}`)
  return pause
}
