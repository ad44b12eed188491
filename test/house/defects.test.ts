// Each of the 32 known classes of client defects (D1 … D32) is named by a test. A row without a test is found here.

import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const ROOT = new URL('../../', import.meta.url).pathname

test('every class of defects has a test', () => {
  const texts = globSync('{packages/*/test,test}/**/*.ts', { cwd: ROOT })
    .filter((path) => !path.includes('test/house'))
    .map((path) => readFileSync(`${ROOT}${path}`, 'utf8'))
  const named = new Set(texts.flatMap((text) => text.match(/\bD[0-9]{1,2}\b/g) ?? []))
  const missing = Array.from({ length: 32 }, (_, i) => `D${i + 1}`).filter((row) => !named.has(row))
  expect(missing).toEqual([])
})
