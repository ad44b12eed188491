// The documents name files, headings and scripts that are there, and ARCHITECTURE.md draws the arrows that the check allows.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MAY_IMPORT } from '../../tools/laws.ts'
import { pathsBroken } from '../../tools/named-paths.ts'

const ROOT = new URL('../../', import.meta.url).pathname

test('what the documents name is there', () => {
  expect(pathsBroken(ROOT)).toEqual([])
})

test('ARCHITECTURE.md lists every package with the imports that the check allows', () => {
  const rows = [...readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| `packages\/(\w+)` \|.*\| ([^|]*) \|$/gm)]
  const told = rows.map(([, name = '', imports = '']) => [name, imports.split(/\W+/).filter((word) => word in MAY_IMPORT)])
  expect(Object.fromEntries(told)).toEqual(MAY_IMPORT)
})

describe('a page', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'cashdesk-paths-'))
    write('package.json', '{"scripts": {"check": "x"}}')
    write('packages/sdk/package.json', '{}')
    write('packages/sdk/src/pay.ts', 'export function payAll() {}')
    write('docs/how-to/sdk.md', '# The SDK\n\n## Was es kann, und 为什么?\n')
  })
  afterEach(() => rmSync(root, { recursive: true }))

  function write(file: string, text: string): void {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }

  test.each([
    '`packages/sdk/src/pay.ts` (`payAll`), `sdk/src/*.ts`, `sdk/src/{pay,ask}.ts`, `docs/how-to/`',
    '[a](docs/how-to/sdk.md), [b](docs/how-to/sdk.md#was-es-kann-und-为什么), [c](https://example.com/x.md), [d](docs)',
    '`npm run check`, `/v3/pay`, `cashier/open`, `POST /docs/x`',
  ])('may say %s', (text) => {
    write('README.md', text)
    expect(pathsBroken(root)).toEqual([])
  })

  test.each([
    ['`packages/sdk/src/ask.ts`', 'names packages/sdk/src/ask.ts: it is not there'],
    ['`sdk/src/ask.ts`', 'names sdk/src/ask.ts: it is not there'],
    ['`sdk/src/pay.ts` (`payNone`)', 'names payNone of sdk/src/pay.ts: it is not in there'],
    ['[a](how-to/sdk.md)', 'links to how-to/sdk.md: it is not there'],
    ['[a](docs/how-to/sdk.md#nothing)', 'links to docs/how-to/sdk.md#nothing: it has no such heading'],
    ['`npm run chekc`', 'names npm run chekc: there is no such script'],
  ])('that says %s is named with its line', (text, broken) => {
    write('README.md', `# R\n\n${text}\n`)
    expect(pathsBroken(root)).toEqual([`README.md:3 ${broken}`])
  })
})
