// Each row of the reliability table is named by a test, or explained on the page; and nothing is explained away that is tested.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { GUARANTEES_PAGE, rowsWithoutTest } from '../../tools/reliability-rows.ts'

test('rows without a test are those that the page explains', () => {
  const section = readFileSync(GUARANTEES_PAGE, 'utf8').split('## Rows without a test')[1]?.split('\n## ')[0] ?? ''
  const explained = [...section.matchAll(/^\| ([A-K]\d{1,2}) /gm)].map((match) => match[1])
  expect(rowsWithoutTest().sort()).toEqual(explained.sort())
})
