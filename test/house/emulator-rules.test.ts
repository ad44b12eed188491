// Every rule that the emulator mirrors has a test that names its section, or a reason for having none (npm run rules).

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { RULES, rulesWithoutTest, SECTIONS_WITHOUT_RULE, SHEETS, sectionsCheckedNowhere } from '../../tools/emulator-rules.ts'

test('every rule has a test or a reason', () => {
  expect(rulesWithoutTest()).toEqual([])
})

test('each rule is listed once, and never with both a test and a reason', () => {
  expect(new Set(RULES.map(({ source, rule }) => `${source} ${rule}`)).size).toBe(RULES.length)
  for (const { rule, test: proof, not } of RULES) expect([proof, not].filter(Boolean), rule).toHaveLength(1)
})

test('every section of the sheets is checked, or says why not', () => {
  expect(sectionsCheckedNowhere()).toEqual([])
})

test('no section is explained away that is checked, or that is not there', () => {
  const checked = RULES.map(({ source }) => source.replace(/(§\d+b?).*/, '$1'))
  for (const section of Object.keys(SECTIONS_WITHOUT_RULE)) {
    expect(checked).not.toContain(section)
    expect(SHEETS).toContain(section.split(' ')[0])
  }
})

test('what is said to be in differences.md is there', () => {
  const text = readFileSync(new URL('../../packages/emulator/differences.md', import.meta.url), 'utf8')
  expect(text).toContain('## Not there yet')
  for (const word of [
    'SM4',
    'authorisations',
    'electronic receipts',
    'virtual payment',
    'API signatures',
    'Profit-sharing bill',
    'lead nowhere',
  ]) {
    expect(text).toContain(word)
  }
})
