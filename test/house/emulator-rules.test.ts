// Every rule that the emulator mirrors has a test that names its section, or a reason why not (npm run rules).

import { expect, test } from 'vitest'
import { RULES, rulesWithoutTest } from '../../tools/emulator-rules.ts'

test('no rule without a test', () => {
  expect(rulesWithoutTest()).toEqual([])
})

test('each rule is there once, with a test or a reason, never with both', () => {
  expect(new Set(RULES.map(({ source, rule }) => `${source} ${rule}`)).size).toBe(RULES.length)
  for (const { rule, test: proof, not } of RULES) expect([proof, not].filter(Boolean), rule).toHaveLength(1)
})
