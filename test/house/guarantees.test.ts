// Each row of the reliability table is named by a test, or explained on the page; and nothing is explained away that is tested.

import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { rowsOf } from '../../tools/citations.ts'
import { FINDINGS } from '../../tools/found-by-trying.ts'
import { ALL_ROWS, GUARANTEES_PAGE, rowsWithoutTest } from '../../tools/reliability-rows.ts'

const ROOT = new URL('../../', import.meta.url).pathname

test('rows without a test are those that the page explains', () => {
  const section = readFileSync(GUARANTEES_PAGE, 'utf8').split('## Rows without a test')[1]?.split('\n## ')[0] ?? ''
  const explained = [...section.matchAll(/^\| ([A-K]\d{1,2}) /gm)].map((match) => match[1])
  expect(rowsWithoutTest().sort()).toEqual(explained.sort())
})

test('the rows of the table are numbered without gaps', () => {
  const last = { A: 3, B: 12, C: 13, D: 6, E: 10, F: 5, G: 13, H: 7, J: 8, K: 4 }
  expect(ALL_ROWS).toEqual(
    Object.entries(last).flatMap(([section, count]) => Array.from({ length: count }, (_, i) => `${section}${i + 1}`)),
  )
})

test('what was found by trying is a row of its page', () => {
  expect(rowsOf(ROOT, 'docs/explanation/found-by-trying.md')).toEqual(expect.arrayContaining(FINDINGS.map(({ id }) => id)))
})

test('what was found by trying has its tests by id, and its line on the page', () => {
  const section = readFileSync(GUARANTEES_PAGE, 'utf8').split('## Found by trying')[1]?.split('\n## ')[0] ?? ''
  const told = [...section.matchAll(/^\| ([A-G]\d{1,2}) /gm)].map((match) => match[1])
  expect(told).toEqual(FINDINGS.map(({ id }) => id))
  for (const { id, tests } of FINDINGS) {
    for (const file of tests) {
      expect([id, file, existsSync(file)]).toEqual([id, file, true])
      expect([id, file, new RegExp(`\\b${id}[,:]`).test(readFileSync(file, 'utf8'))]).toEqual([id, file, true])
    }
  }
})
