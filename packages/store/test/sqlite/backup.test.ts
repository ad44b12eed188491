// While a copy is made, commits go into the log alone: a file that changes under the copy would be no moment of the database.

import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../src/index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-copied-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const MB = 1024 ** 2

test('G2: while it is copied the file does not change, however much is written', async () => {
  const file = join(folder, 'shop.db')
  const store = await openStore(`sqlite:${file}`)
  let copying = true
  const copied = store.backupTo?.(join(folder, 'copy.db')).finally(() => {
    copying = false
  })
  let written = 0
  let largest = 0
  // Far more than the log holds before it is written back by itself (16 MB).
  while (copying && written < 40 * MB) {
    await store.transaction((tx) => tx.settings.write(`page-${written}`, 'x'.repeat(MB)))
    written += MB
    if (copying) largest = Math.max(largest, statSync(file).size)
  }
  await copied
  expect(written).toBeGreaterThan(17 * MB)
  expect(largest).toBeLessThan(2 * MB)
  await store.close()
})
