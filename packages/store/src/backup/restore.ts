// Restores a copy to a place where there is no database. It has a temporary name until it was read completely, opened with its keys, and migrated.

import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { openStore } from '../open.ts'
import { StoreError } from '../port/error.ts'
import type { BackupManifest, Violation } from '../port/store.ts'
import { keyFileOf } from '../sealing/key-file.ts'
import type { Counts } from '../transfer/tables.ts'
import { assertSound, sha256 } from './copy.ts'

export interface RestoreOrder {
  /** The copy. Its manifest, if there is one, is beside it: the same name with `.json`. */
  from: string
  /** Where to put the database. */
  to: string
  /** A file with the data key, if the configuration does not hold it; when absent, the key file beside the copy is used. */
  key_file?: string | undefined
  data_keys?: readonly string[] | undefined
  /** Epoch milliseconds. */
  now: number
}

export interface Restored {
  /** When the copy was made; undefined without a manifest. */
  created_at: string | undefined
  rows: Counts
  violations: Violation[]
}

/** Restores a copy, reads it completely and audits it. @throws StoreError STORE_BACKUP, STORE_KEY, STORE_SCHEMA, and then nothing has changed */
export async function restore(order: RestoreOrder): Promise<Restored> {
  const { from, to } = order
  refuseExisting(to)
  const manifest = await readManifest(from)
  refuseHalf(from)
  const part = `${to}.restoring`
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  try {
    for (const suffix of ['', '-wal']) if (existsSync(`${from}${suffix}`)) place(`${from}${suffix}`, `${part}${suffix}`)
    const key = order.key_file ?? (existsSync(keyFileOf(from)) ? keyFileOf(from) : undefined)
    if (key !== undefined) place(key, keyFileOf(part))
    const read = await readWhole(part, order)
    renameSync(part, to)
    if (existsSync(keyFileOf(part))) renameSync(keyFileOf(part), keyFileOf(to))
    return { created_at: manifest?.created_at, ...read }
  } finally {
    for (const suffix of ['', '-wal', '-shm', '.key']) rmSync(`${part}${suffix}`, { force: true })
  }
}

function place(from: string, to: string): void {
  copyFileSync(from, to)
  chmodSync(to, 0o600)
}

function refuseExisting(to: string): void {
  const there = ['', '-wal', '.key'].map((suffix) => `${to}${suffix}`).find((path) => existsSync(path))
  if (there === undefined) return
  throw refused(`${there} exists. Restore to a new place, or move it away first`, `${there} 已存在。请恢复到新位置，或先将其移走`)
}

async function readManifest(from: string): Promise<BackupManifest | undefined> {
  if (!existsSync(from)) throw refused(`there is no file ${from}`, `找不到文件 ${from}`)
  if (!existsSync(`${from}.json`)) return undefined
  const manifest = parsed(readFileSync(`${from}.json`, 'utf8'))
  if (manifest?.cashdesk_backup !== 1) throw refused(`${from}.json is not the manifest of a backup`, `${from}.json 不是备份清单`)
  if (manifest.sha256 !== (await sha256(from)))
    throw refused(
      `${from} is not the file that ${from}.json describes: it was cut or changed`,
      `${from} 与清单 ${from}.json 不符：文件不完整或被改动`,
    )
  return manifest
}

function parsed(text: string): BackupManifest | undefined {
  try {
    return JSON.parse(text) as BackupManifest
  } catch {
    return undefined
  }
}

const MAGIC = 'SQLite format 3\0'
/** Value of bytes 18 and 19 of the file that means WAL mode: the newest data may be in the WAL. */
const IN_WAL_MODE = 2

/** Refuses a plain copy of a running database without its WAL: its newest data is missing, which nobody would notice. */
function refuseHalf(from: string): void {
  const head = Buffer.alloc(20)
  const file = openSync(from, 'r')
  readSync(file, head, 0, head.length, 0)
  closeSync(file)
  if (head.subarray(0, MAGIC.length).toString('latin1') !== MAGIC)
    throw refused(`${from} is not a SQLite database`, `${from} 不是 SQLite 数据库`)
  if (head[18] !== IN_WAL_MODE) return
  const wal = `${from}-wal`
  if (existsSync(wal) && statSync(wal).size > 0) return
  throw refused(
    `${from} is a plain copy of a database in use, without its WAL: what was written last is missing. Use a copy that \`cashdesk backup\` made, or bring the ${wal} of the same moment`,
    `${from} 是直接复制的使用中的数据库，缺少 WAL 文件，最新数据不在其中。请使用 \`cashdesk backup\` 生成的备份，或补上同一时刻的 ${wal}`,
  )
}

async function readWhole(part: string, { data_keys, now }: RestoreOrder): Promise<Omit<Restored, 'created_at'>> {
  try {
    assertSound(part)
  } catch (cause) {
    throw refused(`the copy cannot be read: ${cause instanceof Error ? cause.message : cause}`, '备份文件已损坏，无法读取')
  }
  const store = await openStore(`sqlite:${part}`, { data_keys, existing: true, now: () => now })
  try {
    // Overdue work is not a violation here: nothing ran meanwhile, and the schedule will do it.
    return { rows: await store.counts(), violations: await store.audit(0) }
  } finally {
    await store.close()
  }
}

function refused(en: string, zh: string): StoreError {
  return new StoreError('STORE_BACKUP', `Not restored: ${en}. Nothing was changed.\n未恢复：${zh}。未做任何更改。`)
}
