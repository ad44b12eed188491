// `cashdesk backup`: copies a SQLite database while it is in use, then reads the whole copy and audits it.

import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { BACKUP_MANIFEST_HEADER } from '@cashdesk/contract'
import { type BackupManifest, openStore } from '@cashdesk/store'
import { type Command, command, type Talk } from '../command/declaration.ts'
import { errorText } from '../command/error-text.ts'
import type { Say } from '../command/language.ts'
import { megabytes, ofWhole, type Progress } from '../command/progress.ts'
import { apiKeyOfServer } from '../connect.ts'
import { DATABASE, JSON_OUTPUT } from '../options.ts'
import { postgresHasItsOwn } from '../postgres-backup.ts'
import { stopSignal } from '../stop.ts'
import { UsageError } from '../usage-error.ts'
import { printViolations } from '../violations.ts'

const DAY_MS = 24 * 60 * 60 * 1000

export const backup: Command = command({
  name: 'backup',
  text: { en: 'copy a SQLite database, also beside its running server', zh: '备份 SQLite 数据库，服务运行中亦可' },
  more: {
    en: 'The copy is consistent, read whole, audited, and sealed like the database. The data key is not in it: keep the key elsewhere. PostgreSQL has its own tools.',
    zh: '备份内容一致、经全量校验并核账，加密方式与数据库相同；不含数据密钥，请另行保存。PostgreSQL 请使用自带工具。',
  },
  options: {
    to: {
      value: 'DIR',
      required: true,
      completes: 'folder',
      text: {
        en: 'the folder; copies are called cashdesk-TIME.db, each with its description in .json',
        zh: '目录；备份名为 cashdesk-时间.db，并附 .json 清单',
      },
    },
    server: {
      value: 'URL',
      text: {
        en: 'a running server, with a key of scope backup in CASHDESK_API_KEY; absent: --database',
        zh: '运行中的服务，CASHDESK_API_KEY 中须为 backup 权限的密钥；未指定时使用 --database',
      },
    },
    database: DATABASE,
    every: {
      value: 'PAUSE',
      read: pauseOf,
      text: { en: 'again and again, until it is told to stop: 30s, 10m, 1h, 1d', zh: '按间隔重复备份直到停止：30s、10m、1h、1d' },
    },
    keep: {
      value: 'N',
      read: keepOf,
      text: { en: 'so many copies stay, the oldest are removed; absent: all stay', zh: '保留份数，最旧的会被删除；未指定则全部保留' },
    },
    json: JSON_OUTPUT,
  },
  examples: [
    {
      line: 'cashdesk backup --to /var/backups/cashdesk --server http://127.0.0.1:8910 --every 1h --keep 48',
      text: { en: 'two days of hourly copies, beside the server', zh: '服务运行时每小时备份，保留两天' },
    },
    {
      line: 'cashdesk backup --to copies',
      text: { en: 'of ./data/cashdesk.db, while no server runs', zh: '服务停止时备份 ./data/cashdesk.db' },
    },
  ],
  exit: { 1: { en: 'no copy was made, or the audit found a broken promise in it', zh: '未生成备份，或核账在备份中发现问题' } },

  async run({ to, every, ...options }, _, talk) {
    const wanted = { ...options, to: resolve(to) }
    return every === undefined ? once(wanted, talk) : again(wanted, every, talk)
  },
})

interface Wanted {
  to: string
  server: string | undefined
  database: string
  keep: number | undefined
  json: boolean
}

async function again(wanted: Wanted, pause_ms: number, talk: Talk): Promise<number> {
  const stopped = stopSignal().then(() => true)
  for (;;) {
    const next = Date.now() + pause_ms
    // A failed backup is only reported, because the next may succeed.
    await once(wanted, talk).catch((error: unknown) => console.error(errorText(error, talk.say)))
    const paused = new Promise<false>((wake) => setTimeout(() => wake(false), Math.max(0, next - Date.now())))
    if (await Promise.race([stopped, paused])) return 0
  }
}

/** Exit code 0 if the copy was made and the audit of it found no broken promise. */
async function once({ to, server, database, keep, json }: Wanted, talk: Talk): Promise<number> {
  const { say } = talk
  mkdirSync(to, { recursive: true, mode: 0o700 })
  const began = performance.now()
  const part = join(to, `.cashdesk-${process.pid}.part`)
  const line = talk.progress({ en: 'backing up', zh: '正在备份' })
  try {
    const manifest = await (server === undefined ? fromFiles(database, part, line) : fromServer(server, part, line))
    const file = join(to, `cashdesk-${manifest.created_at.replaceAll(/[-:]|\.\d+/g, '')}.db`)
    if (existsSync(file)) throw new Error(`${file} exists already. Wait a second and try again.\n${file} 已存在，请稍后重试。`)
    // The description is written first: a copy without one does not count as finished.
    durably(`${file}.json`, `${JSON.stringify(manifest, null, 2)}\n`)
    renameSync(part, file)
    synced(to)
    if (keep !== undefined) prune(to, keep)
    line.end()
    console.log(json ? JSON.stringify({ file, ...manifest }) : summary(file, manifest, performance.now() - began, say))
    return manifest.violations.length === 0 ? 0 : printViolations(manifest.violations, talk)
  } finally {
    line.end()
    rmSync(part, { force: true })
  }
}

async function fromFiles(database: string, part: string, line: Progress): Promise<BackupManifest> {
  const store = await openStore(database, { data_keys: 'not needed', existing: true, migrations: 'refuse' })
  // Another process writes the copy, under this name until it was read in full.
  const looking = setInterval(() => line.at(megabytes(statSync(`${part}.part`, { throwIfNoEntry: false })?.size ?? 0)), 200)
  try {
    if (!store.backupTo) throw postgresHasItsOwn()
    return await store.backupTo(part)
  } finally {
    clearInterval(looking)
    await store.close()
  }
}

async function fromServer(server: string, part: string, line: Progress): Promise<BackupManifest> {
  const answer = await fetch(`${server.replace(/\/+$/, '')}/backup`, {
    headers: { authorization: `Bearer ${apiKeyOfServer()}`, 'accept-language': 'en' },
  })
  if (answer.status === 404) throw postgresHasItsOwn()
  const head = answer.headers.get(BACKUP_MANIFEST_HEADER)
  if (!answer.ok || head === null || !answer.body) throw noBackup(answer.status, (await answer.text()).slice(0, 500))
  const manifest = JSON.parse(head) as BackupManifest
  const file = openSync(part, 'w', 0o600)
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const chunk of answer.body) {
      hash.update(chunk)
      writeSync(file, chunk)
      bytes += chunk.byteLength
      line.at(ofWhole(bytes, manifest.bytes))
    }
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  if (hash.digest('hex') !== manifest.sha256) throw new Error('The copy did not arrive whole; run it again.\n备份传输不完整，请重新运行。')
  return manifest
}

function noBackup(status: number, answer: string): Error {
  return new Error(`The server made no backup: ${status} ${answer}\n服务未生成备份：${status} ${answer}`)
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

function summary(file: string, { bytes, rows, data_keys }: BackupManifest, ms: number, say: Say): string {
  const size = `${megabytes(bytes)}, ${(ms / 1000).toFixed(1)} s`
  const counts = `${rows.orders} ${say({ en: 'orders', zh: '订单' }, ' ')}, ${rows.refunds} ${say({ en: 'refunds', zh: '退款' }, ' ')}`
  const audited = say({ en: 'every promise looked at', zh: '已核账' }, ' ')
  const sealed = {
    en: `sealed with ${data_keys.join(', ')}: the key is not in it`,
    zh: say.language === 'both' ? '不含数据密钥，请另行保存' : `由 ${data_keys.join('、')} 加密，不含数据密钥，请另行保存`,
  }
  return `${file}  ${size}, ${counts}, ${audited}${data_keys.length === 0 ? '' : `\n  ${say(sealed)}`}`
}

function keepOf(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  throw new UsageError({ en: `--keep takes a number from 1, not ${text}.`, zh: `--keep 须为不小于 1 的整数，不能是 ${text}。` })
}

function pauseOf(text: string): number {
  const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS }
  const [, count = '', unit = ''] = /^([0-9]+)([smhd])$/.exec(text) ?? []
  const pause = Number(count) * (units[unit] ?? 0)
  if (pause >= 1000 && pause <= 7 * DAY_MS) return pause
  throw new UsageError({ en: `--every takes 30s, 10m, 1h or 1d, not ${text}.`, zh: `--every 须形如 30s、10m、1h、1d，不能是 ${text}。` })
}
