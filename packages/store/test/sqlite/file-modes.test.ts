// A9: the files of a database are the owner's alone, whatever the umask, and files that others may read are told of.

import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../src/index.ts'
import { anOrder } from '../builders.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-modes-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

test('A9: database, WAL and key are 0600 and a new folder is 0700, under the widest umask', () => {
  const path = join(folder, 'data', 'cashdesk.db')
  const source = new URL('../../src/index.ts', import.meta.url).pathname
  const builders = new URL('../builders.ts', import.meta.url).pathname
  // A process of its own: the umask belongs to the process. It is killed, so that the WAL stays.
  const script = `
    process.umask(0)
    const { openStore } = await import(${JSON.stringify(source)})
    const { anOrder } = await import(${JSON.stringify(builders)})
    const store = await openStore('sqlite:${path}')
    await store.transaction((tx) => tx.orders.insert(anOrder(), null, { source: 'api' }))
    process.kill(process.pid, 'SIGKILL')`
  spawnSync(process.execPath, ['--conditions=@cashdesk/source', '--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(readdirSync(join(folder, 'data')).sort()).toEqual(['cashdesk.db', 'cashdesk.db-wal', 'cashdesk.db.key'])
  for (const name of readdirSync(join(folder, 'data'))) expect([name, modeOf(join(folder, 'data', name))]).toEqual([name, '600'])
  expect(modeOf(join(folder, 'data'))).toBe('700')
})

test('A9: files that others may read are told of when the database is opened, with the cure; their mode is left alone', async () => {
  const path = join(folder, 'open.db')
  const notes: string[] = []
  const note = (event: string, detail: string) => void notes.push(`${event} ${detail}`)
  const first = await openStore(`sqlite:${path}`, { note })
  await first.transaction((tx) => tx.orders.insert(anOrder(), null, { source: 'api' }))
  await first.close()
  expect(notes.filter((one) => one.startsWith('database.'))).toEqual([])
  chmodSync(path, 0o644)
  chmodSync(`${path}.key`, 0o640)
  await (await openStore(`sqlite:${path}`, { note })).close()
  const [told] = notes.filter((one) => one.startsWith('database.open_to_others'))
  for (const one of [path, `${path}.key`]) expect(told).toContain(one)
  expect(told).toContain('chmod 600')
  expect(modeOf(path)).toBe('644')
  expect(existsSync(`${path}-wal`)).toBe(false)
})
