// A citation of something that does not exist is reported with file and line, and this repository has none.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { citationsBroken } from '../../tools/citations.ts'

// The sign is kept apart from its number, so that these lines cite nothing themselves.
const S = '§'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cashdesk-citations-'))
  write('docs/reference/wechat/v9-protocol.md', `# v9\n\n## 1. Hosts\nSee ${S}2.1 and v9-fees ${S}1.\n\n### 2.1 Keys\n`)
  write('docs/reference/wechat/v9-fees.md', '# Fees\n\n## 1. Fees\n\n## 3. Returns\n')
  write('docs/explanation/reliability.md', '# R\n\n## 2. Table\n\n### 2.1 Points\n\n| D1 | x | y |\n')
  write('docs/explanation/found-by-trying.md', '# F\n\n| F8 | x | y |\n')
  write('docs/explanation/client-defects.md', '# C\n\n| D32 | x | y |\n')
})
afterEach(() => rmSync(root, { recursive: true }))

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

function brokenIn(text: string, file = 'packages/sdk/src/a.ts'): string[] {
  write(file, text)
  return citationsBroken(root)
}

test('every citation in the repository exists', () => {
  expect(citationsBroken(new URL('../../', import.meta.url).pathname)).toEqual([])
})

test.each([
  `// Signed (v9-protocol ${S}1, ${S}2.1).`,
  `// v9-protocol ${S}1–2.1 and ${S}1; v9-fees.md ${S}1, v9-fees ${S}3`,
  `source: 'v9-fees ${S}3',`,
  `_v9-fees ${S}3_`,
  `// (v9-fees ${S}1)\n\ntest('${S}3 a fee comes back', () => {})`,
  `// reliability ${S}2.1; D1`,
  `// reliability D1, D1\n// D32: one\ntest('F8: a stop (D1, F8)', () => {})`,
])('%j is accepted', (text) => {
  expect(brokenIn(text)).toEqual([])
})

test.each([
  ['a section that does not exist', `// Signed (v9-protocol ${S}7).`, `v9-protocol ${S}7: it has no such heading`],
  ['the end of a range', `// v9-protocol ${S}1–4`, `v9-protocol ${S}4: it has no such heading`],
  ['what is joined to a citation', `// v9-fees ${S}3, ${S}2.1`, `v9-fees ${S}2.1: it has no such heading`],
  [
    'a book that does not exist',
    `// (v9-protocl ${S}1)`,
    `v9-protocl ${S}1: there is no v9-protocl.md in docs/reference/wechat or docs/explanation`,
  ],
  [
    'a book of one word that does not exist',
    `// reliabilty ${S}2`,
    `reliabilty ${S}2: there is no reliabilty.md in docs/reference/wechat or docs/explanation`,
  ],
])('%s is reported with file and line', (_, text, broken) => {
  expect(brokenIn(`\n${text}`)).toEqual([`packages/sdk/src/a.ts:2 cites ${broken}`])
})

test('a section without a book is reported; in a file that cites books it belongs to the first one', () => {
  expect(brokenIn(`test('${S}1 keys', () => {})`)).toEqual([`packages/sdk/src/a.ts:1 cites ${S}1 and names no book`])
  expect(brokenIn(`// (v9-fees ${S}1)\n// (v9-protocol ${S}1)\ntest('${S}2.1 keys', () => {})`)).toEqual([
    `packages/sdk/src/a.ts:3 cites v9-fees ${S}2.1: it has no such heading`,
  ])
})

test('a sheet may cite its own sections without its name', () => {
  expect(brokenIn(`# A\n\n## 4. Fees\nAs ${S}4, not ${S}5.\n`, 'docs/reference/wechat/v9-more.md')).toEqual([
    `docs/reference/wechat/v9-more.md:4 cites v9-more ${S}5: it has no such heading`,
  ])
})

test.each([
  [`reliability ${'F8'}`, 'F8: no such row in docs/explanation/reliability.md'],
  ['reliability D1 and D2', 'D2: no such row in docs/explanation/reliability.md'],
  ...["test('a stop (G4)')", "test('a stop (D1, G4)')", "test('G4: a stop')", '// G4: a stop', "describe.each(x)('D1, G4: %s')"].map(
    (text) => [
      text,
      'G4: no such row in docs/explanation/reliability.md, docs/explanation/found-by-trying.md, docs/explanation/client-defects.md',
    ],
  ),
])('%s: a row that does not exist is reported', (text, broken) => {
  expect(brokenIn(text.startsWith('//') ? text : `\n${text}`)).toEqual([
    `packages/sdk/src/a.ts:${text.startsWith('//') ? 1 : 2} cites ${broken}`,
  ])
})
