// Each row of the reliability table is named by a test, or explained on the page; and nothing is explained away that is tested.

import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FINDINGS } from '../../tools/found-by-trying.ts'
import { GUARANTEES_PAGE, rowsWithoutTest } from '../../tools/reliability-rows.ts'

test('rows without a test are those that the page explains', () => {
  const section = readFileSync(GUARANTEES_PAGE, 'utf8').split('## Rows without a test')[1]?.split('\n## ')[0] ?? ''
  const explained = [...section.matchAll(/^\| ([A-K]\d{1,2}) /gm)].map((match) => match[1])
  expect(rowsWithoutTest().sort()).toEqual(explained.sort())
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
