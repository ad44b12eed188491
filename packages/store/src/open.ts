// Opens the database that a URL names: `sqlite:./data/cashdesk.db`, `postgres://user@host/name`, or `sqlite::memory:` for a test.

import { randomBytes } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { migratePostgres, openPostgres } from './dialects/postgres.ts'
import { migrateSqlite, openSqlite } from './dialects/sqlite.ts'
import { eventIds } from './event-id.ts'
import { schemaOf } from './migrate.ts'
import { StoreError } from './port/error.ts'
import { CLIENT_SECRET_KEY, type Store } from './port/store.ts'
import { keyFileOf, makeKeyFile, readKeyFile } from './sealing/key-file.ts'
import { type DataKey, dataKey, missing, NO_SEALER, sealerOver } from './sealing/sealer.ts'

export interface StoreWindows {
  /** Epoch milliseconds. */
  now(): number
  random(bytes: number): Uint8Array
}

export interface StoreOptions extends Partial<StoreWindows> {
  /** `refuse`: a database with an older schema is not opened and not changed. For several processes that start while `cashdesk migrate` runs separately. */
  migrations?: 'apply' | 'refuse' | undefined
  /** For commands that only read: a missing database is not created. @throws StoreError STORE_MISSING */
  existing?: boolean | undefined
  /**
   * Keys that seal openids at rest, each 32 bytes in base64: the first seals, all open. When absent, a SQLite file has its key
   * beside it and PostgreSQL stores openids in plain text. 'not needed': no sealed value is read or written (audit, export, import).
   */
  data_keys?: readonly string[] | 'not needed' | undefined
  /** Called with what the operator must know about keys, and about files that other users may read. */
  note?: ((event: 'data_key.made' | 'data_key.none' | 'database.open_to_others', detail: string) => void) | undefined
}

const SYSTEM: StoreWindows = { now: () => Date.now(), random: (bytes) => randomBytes(bytes) }

/**
 * Opens a database and migrates it first. SQLite: `?max_page_count=N` limits the file's size. PostgreSQL: what libpq accepts, and `?pool_max=N`.
 * @throws StoreError
 */
export async function openStore(
  url: string,
  { data_keys, note, migrations = 'apply', existing = false, ...windows }: StoreOptions = {},
): Promise<Store> {
  const { now, random } = { ...SYSTEM, ...windows }
  const file = fileOf(url)
  if (existing && file !== undefined && !(existsSync(file.path) && statSync(file.path).size > 0)) throw noDatabase(file.path)
  const ring = data_keys === 'not needed' ? [] : keysOf(data_keys, file)
  const sealer = data_keys === 'not needed' ? NO_SEALER : sealerOver(ring, random)
  const ids = eventIds(random)
  const opening = { now, eventId: ids.next, sealer, migrations }
  if (existing && (await isEmpty(url))) throw noDatabase(file?.path ?? scheme(url))
  const store = await (file === undefined ? openPostgres(url, opening) : openSqlite(file.path, { ...opening, pages_max: file.pages_max }))
  if (data_keys === 'not needed') return store
  try {
    if (file !== undefined && file.path !== IN_MEMORY) warnOfOthers(file.path, note)
    ids.after(await store.transaction((tx) => tx.events.newest()))
    await completeRing(store, ring, { file: file?.path, random, note, now })
    if (ring.length > 0) await sealOldSecrets(store)
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}

function noDatabase(where: string): StoreError {
  return new StoreError(
    'STORE_MISSING',
    `There is no Cashdesk database at ${where}, and none was created. Check --database or CASHDESK_DATABASE_URL.\n${where} 处没有 Cashdesk 数据库，也未新建。请检查 --database 或 CASHDESK_DATABASE_URL。`,
  )
}

/** Whether no migration was ever applied. Finding out writes nothing. */
async function isEmpty(url: string): Promise<boolean> {
  const all = schemaOf(/^sqlite:/.test(url) ? 'sqlite' : 'postgres', []).pending
  return (await migrateStore(url, 'list')).length === all.length
}

/** Applies the migrations that are pending, or only lists them. Returns their names. @throws StoreError STORE_SCHEMA for a database of a newer Cashdesk */
export async function migrateStore(url: string, act: 'apply' | 'list', { now }: Pick<StoreWindows, 'now'> = SYSTEM): Promise<string[]> {
  const file = fileOf(url)
  return file === undefined ? migratePostgres(url, act, now()) : migrateSqlite(file.path, act, now())
}

/** The file of a SQLite URL; undefined for PostgreSQL. @throws StoreError STORE_UNAVAILABLE for any other URL */
function fileOf(url: string): { path: string; pages_max: string | undefined } | undefined {
  if (/^postgres(ql)?:\/\//.test(url)) return undefined
  const sqlite = /^sqlite:([^?]+)(?:\?max_page_count=([0-9]+))?$/.exec(url)
  if (!sqlite?.[1])
    throw new StoreError('STORE_UNAVAILABLE', `Not a database URL we know: ${scheme(url)} (expected sqlite:PATH or postgres://…)`)
  return { path: sqlite[1] === IN_MEMORY ? IN_MEMORY : resolve(sqlite[1]), pages_max: sqlite[2] }
}

const IN_MEMORY = ':memory:'

/** The configured keys, and the one beside the file, which may be older. */
function keysOf(named: readonly string[] = [], file: { path: string } | undefined): DataKey[] {
  const beside = file && file.path !== IN_MEMORY ? readKeyFile(file.path) : undefined
  return [...named, ...(beside === undefined ? [] : [beside])].map(dataKey)
}

interface Completing extends StoreWindows {
  file: string | undefined
  note: StoreOptions['note']
}

const USED = 'data_key:'

/** Warns if other users can read the files, because they contain every order. The mode of existing files is not changed, because it may be intended. */
function warnOfOthers(path: string, note: StoreOptions['note']): void {
  const open = [path, `${path}-wal`, keyFileOf(path)].filter((one) => existsSync(one) && (statSync(one).mode & 0o077) !== 0)
  if (open.length === 0) return
  note?.(
    'database.open_to_others',
    `other users of this machine may read ${open.join(', ')}: chmod 600 · 本机其他用户可读取上述文件，请执行 chmod 600`,
  )
}

/**
 * Checks that every key that ever sealed a value is there, because its rows could
 * not be opened otherwise. A new sealing key is recorded before its first use.
 */
async function completeRing(store: Store, ring: DataKey[], { file, random, note, now }: Completing): Promise<void> {
  const used = (await store.transaction((tx) => tx.settings.names(USED))).map((name) => name.slice(USED.length))
  const lost = used.filter((id) => !ring.some((key) => key.id === id))
  if (lost.length > 0) throw missing(lost)
  if (ring.length === 0 && file === IN_MEMORY) ring.push(dataKey(Buffer.from(random(32)).toString('base64')))
  if (ring.length === 0 && file !== undefined) {
    ring.push(dataKey(makeKeyFile(file, random(32))))
    note?.('data_key.made', `openids are sealed with ${keyFileOf(file)}: back it up, apart from the database · 请单独备份该密钥文件`)
  }
  const [first] = ring
  if (first) await store.transaction((tx) => tx.settings.keep(USED + first.id, new Date(now()).toISOString()))
  else note?.('data_key.none', 'openids are kept in plain text: set data_keys in the configuration · openid 以明文保存，请配置 data_keys')
}

/** Seals secrets that were written before there was a key, or before secrets were sealed at all. */
async function sealOldSecrets(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.settings.sealSecret(CLIENT_SECRET_KEY)
    await tx.webhooks.sealSecrets()
  })
}

/** A database URL may carry a password, so only its beginning is shown. */
function scheme(url: string): string {
  return `${url.split(':')[0]}:…`
}
