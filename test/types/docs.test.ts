// Every TypeScript block of the README and the docs compiles against the sources.

import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { againstSources, ROOT, typeErrors } from '../support/type-check.ts'

/**
 * What the blocks use without declaring it: the file system, a login code, an order placed by the reader's backend, the phone's `wx`, a built mini program
 * and the reader's backend.
 */
const PRELUDE = `
declare const readFile: typeof import('node:fs/promises').readFile
declare const code: string
declare const out_trade_no: string
declare const client_secret: string
declare const wx: Parameters<typeof import('@cashdesk/miniprogram').wxHost>[0]
declare const bundle: string
declare function startBackend(cashdesk: { server: string; api_key: string }): Promise<{ url: string; close(): void }>
`

interface Block {
  /** Page and line: `README.md-28.ts`. */
  file: string
  text: string
}

function blocks(): Block[] {
  const pages = globSync(['README*.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/**/*.md', 'packages/*/*.md', 'examples/*/*.md'], {
    cwd: ROOT,
    exclude: (name) => name.includes('node_modules'),
  })
  return pages.flatMap((page) => {
    const text = readFileSync(join(ROOT, page), 'utf8')
    return [...text.matchAll(/^```(?:ts|typescript)\n(.*?)^```/gms)].map((match) => ({
      file: `${page.replaceAll(/[/\\]/g, '-')}-${text.slice(0, match.index).split('\n').length}.ts`,
      text: asModule(match[1] ?? ''),
    }))
  })
}

/** A block with a `return` is the body of a function of the reader. */
function asModule(text: string): string {
  if (!/^return /m.test(text)) return `${text}\nexport {}\n`
  const imports = text.match(/^import .*$/gm) ?? []
  return `${imports.join('\n')}\nexport async function block() {\n${text.replaceAll(/^import .*$/gm, '')}}\n`
}

async function errorsIn(some: readonly Block[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'docs-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'prelude.d.ts'), PRELUDE)
  for (const { file, text } of some) await writeFile(join(folder, file), text)
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(againstSources(['prelude.d.ts', ...some.map(({ file }) => file)])))
  return typeErrors(folder, 'tsconfig.json')
}

test('every TypeScript block of the docs compiles', async () => {
  const all = blocks()
  expect(all.length).toBeGreaterThan(4)
  expect(await errorsIn(all)).toEqual([])
})

test('a block that does not compile is found', async () => {
  const wrong = {
    file: 'wrong.ts',
    text: asModule("import { createWechatPay } from '@cashdesk/sdk'\nreturn createWechatPay({ verify: false })\n"),
  }
  expect(await errorsIn([wrong])).toEqual([expect.stringMatching(/^wrong\.ts\(4,\d+\): error TS2353: .*'verify'/)])
})
