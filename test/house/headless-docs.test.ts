// The test that the how-to shows is the one in examples/headless, which runs.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const example = readFileSync(join(ROOT, 'examples/headless/test/pay.test.ts'), 'utf8')

test.each(['docs/how-to/headless.md', 'docs/how-to/headless.zh-CN.md'])('%s', (page) => {
  const block = /^```ts\n(.*?)^```/ms.exec(readFileSync(join(ROOT, page), 'utf8'))?.[1] ?? ''
  expect(block.length).toBeGreaterThan(1000)
  const shown = example.replace(/^\/\/ .*\n\n/, '').replace(/^import .* from '\.\/shop\.ts'\n/m, '')
  expect(shown).toBe(block)
})
