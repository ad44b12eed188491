// Makes the copy: under a temporary name until it was read completely and found sound, then it is renamed.

import { createHash } from 'node:crypto'
import { createReadStream, rmSync, statSync } from 'node:fs'
import { chmod, copyFile, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openStore } from '../open.ts'
import type { BackupManifest } from '../port/store.ts'
import type { CopyOrder } from './backup.ts'

/** Work that was due so long ago must not be waiting in the copy. */
const GRACE_MS = 10 * 60_000

export async function copy({ from, to, now }: CopyOrder): Promise<BackupManifest> {
  const part = `${to}.part`
  try {
    await copyFile(from, part)
    await chmod(part, 0o600)
    const read = await readWhole(part, now)
    await synced(part)
    await rename(part, to)
    await synced(dirname(to))
    return {
      cashdesk_backup: 1,
      created_at: new Date(now).toISOString(),
      ...read,
      bytes: statSync(to).size,
      sha256: await sha256(to),
    }
  } catch (error) {
    for (const suffix of ['', '-wal', '-journal']) rmSync(`${part}${suffix}`, { force: true })
    throw error
  }
}

/** Checks every page, every reference and every promise. The result is a file that needs no other beside it. @throws Error when the copy is damaged */
async function readWhole(file: string, now: number): Promise<Pick<BackupManifest, 'schema' | 'rows' | 'data_keys' | 'violations'>> {
  const schema = assertSound(file)
  const store = await openStore(`sqlite:${file}`, { data_keys: 'not needed', existing: true, migrations: 'refuse', now: () => now })
  try {
    const violations = await store.audit(now - GRACE_MS)
    const rows = await store.counts()
    const used = await store.transaction((tx) => tx.settings.names('data_key:'))
    return { schema, rows, data_keys: used.map((name) => name.slice('data_key:'.length)), violations }
  } finally {
    await store.close()
    withoutWal(file)
  }
}

/** Checks the pages and references of a file. Returns the newest migration. @throws Error when a page is damaged or a row refers to nothing */
export function assertSound(file: string): string {
  const database = new DatabaseSync(file)
  try {
    const [found] = database.prepare('PRAGMA integrity_check(1)').all()
    if (found?.['integrity_check'] !== 'ok') throw new Error(`the copy is damaged: ${found?.['integrity_check']}`)
    const [astray] = database.prepare('PRAGMA foreign_key_check').all()
    if (astray) throw new Error(`the copy is damaged: a row of ${astray['table']} refers to nothing`)
    const [newest] = database.prepare('SELECT name FROM migrations ORDER BY name DESC LIMIT 1').all()
    return String(newest?.['name'])
  } finally {
    database.close()
  }
}

/** Switches the copy out of WAL mode: in WAL mode it would be incomplete without its WAL file. */
function withoutWal(file: string): void {
  const database = new DatabaseSync(file)
  try {
    database.exec('PRAGMA journal_mode = DELETE')
  } finally {
    database.close()
  }
}

export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
