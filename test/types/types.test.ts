// The type tests of the packages: the code in them compiles, and each mistake that they name is an error of the compiler.

import { globSync, readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { againstSources, ROOT, typeErrors } from '../support/type-check.ts'

const files = globSync('packages/*/test/types/*.test-d.ts', { cwd: ROOT })

test('every type test compiles', async () => {
  expect(files.length).toBeGreaterThan(0)
  // Other tools do not look below node_modules.
  const config = join(ROOT, 'node_modules', 'type-tests.tsconfig.json')
  onTestFinished(() => rm(config))
  await writeFile(config, JSON.stringify(againstSources(files.map((file) => join(ROOT, file)))))
  const errors = await typeErrors(ROOT, config)
  expect(errors.filter((line) => line.includes('.test-d.ts'))).toEqual([])
})

test('each type test says which mistake it catches', () => {
  for (const file of files) {
    const text = readFileSync(join(ROOT, file), 'utf8')
    expect(text.match(/@ts-expect-error \S+ /g)?.length ?? 0, file).toBeGreaterThan(0)
  }
})
