// Each class of difference has a heading with its meaning and its cure, in both languages, written from one table that has every class.

import { readFileSync } from 'node:fs'
import { DIFFERENCES, RESOLUTION_REASONS_ALL } from '@cashdesk/contract'
import { DIFFERENCE_CLASSES, RESOLUTION_REASONS } from '@cashdesk/domain'
import { expect, test } from 'vitest'
import { DIFFERENCES_PAGES, differencesPage } from '../../tools/differences-page.ts'

test.each(['en', 'zh'] as const)('the page is current (npm run docs:differences): %s', (language) => {
  expect(readFileSync(DIFFERENCES_PAGES[language], 'utf8')).toBe(differencesPage(language))
})

test('exactly the classes and reasons of the domain are in the contract', () => {
  expect(Object.keys(DIFFERENCES).sort()).toEqual([...DIFFERENCE_CLASSES].sort())
  expect([...RESOLUTION_REASONS_ALL].sort()).toEqual([...RESOLUTION_REASONS].sort())
})
