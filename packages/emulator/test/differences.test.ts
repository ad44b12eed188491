// The user's page names every fault there is.

import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { FAULTS } from '../src/index.ts'

test('each fault has a line in differences.md', async () => {
  const text = await readFile(new URL('../differences.md', import.meta.url), 'utf8')
  for (const name of Object.keys(FAULTS)) expect(text).toContain(`\`${name}\``)
})
