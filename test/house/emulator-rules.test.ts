// Every rule that the emulator mirrors has a test that names its section, or a reason for having none (npm run rules).

import { expect, test } from 'vitest'
import { RULES, rulesWithoutTest } from '../../tools/emulator-rules.ts'

test('every rule has a test or a reason', () => {
  expect(rulesWithoutTest()).toEqual([])
})

test('each rule is listed once, and never with both a test and a reason', () => {
  expect(new Set(RULES.map(({ source, rule }) => `${source} ${rule}`)).size).toBe(RULES.length)
  for (const { rule, test: proof, not } of RULES) expect([proof, not].filter(Boolean), rule).toHaveLength(1)
})
