// The packages as npm would publish them: complete, clean and small, and usable after installation in ESM, CommonJS and TypeScript.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aProject, installed, type Packing, pack, ROOT, remove, run, tool } from './packed.ts'

const MINUTE = 60_000
const SDK_BYTES_MAX = 6_000_000

let packing: Packing
let zod: string
let modules: string
beforeAll(async () => {
  packing = await pack()
  zod = join(
    packing.directory,
    (await run(ROOT, 'npm', 'pack', './node_modules/zod', '--silent', '--ignore-scripts', '--pack-destination', packing.directory)).trim(),
  )
  modules = await aProject(packing.directory, 'module', sdk())
}, 2 * MINUTE)
afterAll(() => remove(packing.directory))

const sdk = (): string[] => [packing.tarball('@cashdesk/protocol'), packing.tarball('@cashdesk/sdk'), zod]

test('the SDK installs in less than 6 MB, with at most two third-party packages', async () => {
  const { names, bytes } = await installed(modules)
  const others = names.filter((name) => !name.startsWith('@cashdesk/'))
  console.log(`installed: ${(bytes / 1e6).toFixed(2)} MB, of others: ${others.join(', ')}`)
  expect(others.length).toBeLessThanOrEqual(2)
  expect(bytes).toBeLessThanOrEqual(SDK_BYTES_MAX)
})

describe('the installed SDK orders, signs, verifies and receives', () => {
  test('in an ESM project', async () => {
    expect(await run(modules, process.execPath, 'main.mjs')).toBe('paid and told\n')
  })

  test('in a CommonJS project', { timeout: MINUTE }, async () => {
    const project = await aProject(packing.directory, 'commonjs', sdk())
    expect(await run(project, process.execPath, 'main.cjs')).toBe('paid and told\n')
  })

  test.each([
    ['nodenext', 'nodenext'],
    ['bundler', 'esnext'],
  ])('in TypeScript with moduleResolution %s, its declarations checked too', { timeout: MINUTE }, async (moduleResolution, module) => {
    const compilerOptions = {
      module,
      moduleResolution,
      target: 'es2023',
      lib: ['es2023'],
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
    }
    const config = join(modules, `tsconfig.${moduleResolution}.json`)
    await writeFile(config, JSON.stringify({ compilerOptions, files: ['typed.ts'] }))
    expect(await run(modules, tool('tsc'), '-p', config)).toBe('')
  })
})

test('no package contains tests, keys or vectors', async () => {
  for (const { name, folder, files } of packing.packages) {
    for (const { path } of files) {
      expect(path, name).not.toMatch(/(^|\/)(test|tests|vectors|fixtures|node_modules)\/|\.(pem|key|p12|tsbuildinfo|env)$|\.test\./)
      expect(await readFile(join(ROOT, folder, path), 'utf8'), `${name}: ${path}`).not.toMatch(
        /-----BEGIN [A-Z ]*PRIVATE KEY-----\\?n?\s*[A-Za-z0-9+/]{40}/,
      )
    }
  }
})

test('each package contains its README and the licence', () => {
  for (const { name, files } of packing.packages) {
    const paths = files.map(({ path }) => path)
    expect(paths, name).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'package.json']))
  }
})

test('publint finds nothing', async () => {
  const found: string[] = []
  for (const { name, folder } of packing.packages) {
    const { messages, pkg } = await publint({ pkgDir: join(ROOT, folder), pack: 'npm', strict: true })
    found.push(...messages.map((message) => `${name}: ${formatMessage(message, pkg, { color: false })}`))
  }
  expect(found).toEqual([])
})

test('are-the-types-wrong finds nothing', { timeout: MINUTE }, async () => {
  for (const { tarball } of packing.packages) {
    const said = await run(ROOT, tool('attw'), tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji')
    expect(said).toContain('node16 (from ESM)')
  }
})
