// Every row of the reliability table (docs/explanation/reliability.md) that the payment server owes, and the tests that name it. `npm run guarantees`
// lists rows without a test; each of them is explained in docs/explanation/guarantees.md.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rowsOf } from './citations.ts'

const ROOT = new URL('..', import.meta.url).pathname

/** Sections A–H, J and K of the table. Section I, reconciliation, is not listed yet. */
export const ALL_ROWS: readonly string[] = rowsOf(ROOT, 'docs/explanation/reliability.md').filter((row) => !row.startsWith('I'))

/** Where the server's promises are tested. The SDK's and the emulator's tests number other things with the same letters. */
const FOLDERS = [
  'test/journeys',
  'test/crash',
  'test/postgres',
  'packages/store/test',
  'packages/domain/test',
  'packages/server/test',
  'packages/cli/test',
  'simulation/test',
]

/** The page in both languages (paths from the root), with the headings of its two tables that tests read. */
export const GUARANTEES_PAGES: readonly { file: string; untested: string; found: string }[] = [
  { file: 'docs/explanation/guarantees.md', untested: 'Rows without a test of their own', found: 'Found by trying' },
  { file: 'docs/explanation/guarantees.zh-CN.md', untested: '没有专门测试的行', found: '实测发现' },
]

/** Row → the files of the tests that name it. */
export function testsByRow(): Map<string, string[]> {
  const found = new Map<string, string[]>(ALL_ROWS.map((row) => [row, []]))
  for (const folder of FOLDERS) {
    for (const file of testFiles(join(ROOT, folder))) {
      const named = new Set(readFileSync(file, 'utf8').match(/\b[A-K]\d{1,2}\b/g) ?? [])
      for (const row of named) found.get(row)?.push(file.slice(ROOT.length))
    }
  }
  return found
}

export function rowsWithoutTest(): string[] {
  return [...testsByRow()].filter(([, files]) => files.length === 0).map(([row]) => row)
}

function testFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}

if (import.meta.main) {
  const missing = rowsWithoutTest()
  for (const [row, files] of testsByRow())
    console.log(`${row.padEnd(4)} ${files.length > 0 ? files.join(', ') : '— see docs/explanation/guarantees.md'}`)
  console.log(`${ALL_ROWS.length} rows, ${missing.length} without a test: ${missing.join(', ')}`)
}
