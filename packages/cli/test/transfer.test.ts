// `cashdesk export | cashdesk import`, as a user types it.

import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openStore } from '@cashdesk/store'
import { afterEach, beforeEach, expect, test } from 'vitest'

const MAIN = new URL('../src/main.ts', import.meta.url).pathname
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-transfer-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** @throws with `code`, `stdout` and `stderr` when it fails */
const shell = (line: string) =>
  promisify(execFile)('sh', ['-c', line.replaceAll('cashdesk', `'${process.execPath}' --conditions=@cashdesk/source '${MAIN}'`)], {
    cwd: folder,
    env: { ...process.env, LC_ALL: 'C' },
  })

async function aSetting(file: string): Promise<void> {
  const store = await openStore(`sqlite:${join(folder, file)}`, { data_keys: 'not needed' })
  await store.transaction((tx) => tx.settings.keep('client_secret_key', 'kept'))
  await store.close()
}

test('import reads what export writes; only the owner can read the file; a database that is not empty is refused', async () => {
  await aSetting('old.db')
  await shell('cashdesk export --database sqlite:old.db --out all.ndjson')
  expect(statSync(join(folder, 'all.ndjson')).mode & 0o777).toBe(0o600)
  const read = await shell('cashdesk export --database sqlite:old.db | cashdesk import --database sqlite:new.db')
  expect(read.stdout).toMatch(/imported {2}已导入: settings [12], orders 0[\s\S]*every promise holds/)
  const store = await openStore(`sqlite:${join(folder, 'new.db')}`, { data_keys: 'not needed' })
  expect(await store.transaction((tx) => tx.settings.get('client_secret_key'))).toBe('kept')
  await store.close()
  const again = shell('cashdesk import --database sqlite:new.db --in all.ndjson')
  await expect(again).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The database is not empty \(settings\).*\n数据库不是空的/m),
  })
  // An export never overwrites a file.
  await expect(shell('cashdesk export --database sqlite:old.db --out all.ndjson')).rejects.toMatchObject({ code: 1 })
  expect(readFileSync(join(folder, 'all.ndjson'), 'utf8')).toMatch(/^\{"cashdesk_export":1,/)
})
