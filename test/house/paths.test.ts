// The documents name only files, headings and scripts that exist; ARCHITECTURE.md lists the imports that the check allows; each Chinese page names what its English page names.

import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MAY_IMPORT } from '../../tools/laws.ts'
import { pathsBroken } from '../../tools/named-paths.ts'

const ROOT = new URL('../../', import.meta.url).pathname

test('everything that the documents name exists', () => {
  expect(pathsBroken(ROOT)).toEqual([])
})

test.each(['ARCHITECTURE.md', 'ARCHITECTURE.zh-CN.md'])('%s lists every package with the imports that the check allows', (page) => {
  const rows = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^\| `packages\/(\w+)` \|.*\| ([^|]*) \|$/gm)]
  const listed = rows.map(([, name = '', imports = '']) => [name, imports.split(/\W+/).filter((word) => word in MAY_IMPORT)])
  expect(Object.fromEntries(listed)).toEqual(MAY_IMPORT)
})

const TRANSLATED = globSync('{*,docs/**/*,packages/*/*}.zh-CN.md', { cwd: ROOT }).filter((page) => !page.includes('node_modules'))

test.each(TRANSLATED)(
  '%s and the English page link to each other at the top, and have the same files, npm scripts and number of headings',
  (page) => {
    const english = page.replace('.zh-CN.md', '.md')
    const [zh, en] = [page, english].map((file) => readFileSync(join(ROOT, file), 'utf8'))
    expect(top(zh)).toContain(`](${basename(english)})`)
    expect(top(en)).toContain(`](${basename(page)})`)
    expect(named(zh)).toEqual(named(en))
    expect(headings(zh)).toBe(headings(en))
  },
)

function top(text = ''): string {
  return text.split('\n').slice(0, 8).join('\n')
}

function headings(text = ''): number {
  return text.match(/^#+ /gm)?.length ?? 0
}

/** The files in code spans and the npm scripts of a page, each once. */
function named(text = ''): string[] {
  const files = [...text.matchAll(/`([\w.@-]+(?:\/[\w.@*{},-]+)+)`/g)].map((match) => match[1] ?? '')
  const scripts = [...text.matchAll(/npm run (?:-s )?[a-z][a-z0-9:-]*/g)].map((match) => match[0])
  return [...new Set([...files, ...scripts])].sort()
}

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
