// Each row of the reliability table has a test that names it, or an explanation on the page; and the page explains away no row that has a test.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rowsOf } from '../../tools/citations.ts'
import { FINDINGS } from '../../tools/found-by-trying.ts'
import { ALL_ROWS, GUARANTEES_PAGES, rowsWithoutTest } from '../../tools/reliability-rows.ts'

const ROOT = new URL('../../', import.meta.url).pathname

describe.each(GUARANTEES_PAGES)('$file', ({ file, untested, found }) => {
  const section = (heading: string): string => readFileSync(join(ROOT, file), 'utf8').split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''

  test('explains exactly the rows without a test', () => {
    const explained = [...section(untested).matchAll(/^\| ([A-K]\d{1,2}) /gm)].map((match) => match[1])
    expect(rowsWithoutTest().sort()).toEqual(explained.sort())
  })

  test('has one line for each finding, in their order', () => {
    const listed = [...section(found).matchAll(/^\| ([A-G]\d{1,2}) /gm)].map((match) => match[1])
    expect(listed).toEqual(FINDINGS.map(({ id }) => id))
  })
})

test('the rows of the table are numbered without gaps', () => {
  const last = { A: 3, B: 12, C: 13, D: 6, E: 10, F: 5, G: 13, H: 7, J: 8, K: 4 }
  expect(ALL_ROWS).toEqual(
    Object.entries(last).flatMap(([section, count]) => Array.from({ length: count }, (_, i) => `${section}${i + 1}`)),
  )
})

test('each finding is a row of found-by-trying.md', () => {
  expect(rowsOf(ROOT, 'docs/explanation/found-by-trying.md')).toEqual(expect.arrayContaining(FINDINGS.map(({ id }) => id)))
})

test('each finding has tests that name its id', () => {
  for (const { id, tests } of FINDINGS) {
    for (const file of tests) {
      expect([id, file, existsSync(file)]).toEqual([id, file, true])
      expect([id, file, new RegExp(`\\b${id}[,:]`).test(readFileSync(file, 'utf8'))]).toEqual([id, file, true])
    }
  }
})
