// F3: each kind of incident has a heading with what happened and what to do, in both languages, written from one table that has every kind.

import { readFileSync } from 'node:fs'
import { INCIDENTS } from '@cashdesk/contract'
import { INCIDENT_KINDS } from '@cashdesk/domain'
import { expect, test } from 'vitest'
import { INCIDENTS_PAGES, incidentsPage } from '../../tools/incidents-page.ts'

test.each(['en', 'zh'] as const)('F3: the page is current (npm run docs:incidents): %s', (language) => {
  expect(readFileSync(INCIDENTS_PAGES[language], 'utf8')).toBe(incidentsPage(language))
})

test('F3: exactly the kinds that can be opened are explained', () => {
  expect(Object.keys(INCIDENTS).sort()).toEqual([...INCIDENT_KINDS].sort())
})
