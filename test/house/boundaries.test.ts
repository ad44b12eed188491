// The check finds every import and circle that ARCHITECTURE.md does not allow.

import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LOCKS, lawsBroken, MAY_IMPORT } from '../../tools/laws.ts'

const ROOT = new URL('../../', import.meta.url).pathname
const packages = Object.keys(MAY_IMPORT)
const nameOf = (folder: string): string => (folder === 'cli' ? 'cashdesk' : `@cashdesk/${folder}`)

let copy: string
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'cashdesk-house-'))
  cpSync(join(ROOT, 'biome.json'), join(copy, 'biome.json'))
  for (const lock of LOCKS) {
    mkdirSync(dirname(join(copy, lock)), { recursive: true })
    cpSync(join(ROOT, lock), join(copy, lock))
  }
  for (const folder of packages) {
    mkdirSync(join(copy, 'packages', folder, 'src'), { recursive: true })
    for (const file of ['package.json', 'tsconfig.json']) cpSync(join(ROOT, 'packages', folder, file), join(copy, 'packages', folder, file))
  }
})
afterAll(() => rmSync(copy, { recursive: true }))

function lint(files: Record<string, string>): string {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(copy, path), text)
  const { stdout, stderr } = spawnSync(
    join(ROOT, 'node_modules/.bin/biome'),
    ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '--diagnostic-level=error', ...Object.keys(files)],
    { cwd: copy, encoding: 'utf8' },
  )
  for (const path of Object.keys(files)) rmSync(join(copy, path))
  return stdout + stderr
}

describe.each(packages.filter((folder) => folder !== 'cli'))('packages/%s', (folder) => {
  const allowed = MAY_IMPORT[folder] ?? []
  const forbidden = packages.filter((other) => other !== folder && !allowed.includes(other))

  test(`may not import ${forbidden.join(', ')}`, () => {
    const report = lint({ [`packages/${folder}/src/probe.ts`]: forbidden.map((other) => `import '${nameOf(other)}'`).join('\n') })
    expect(report.match(/lint\/style\/noRestrictedImports/g)).toHaveLength(forbidden.length)
  })

  test('may import what the table allows', () => {
    const report = lint({ [`packages/${folder}/src/probe.ts`]: allowed.map((other) => `import '${nameOf(other)}'\n`).join('') })
    expect(report).not.toContain('noRestrictedImports')
  })
})

test('a circle of imports is found', () => {
  const report = lint({
    'packages/domain/src/one.ts': "import { two } from './two.ts'\nexport const one: number = two\n",
    'packages/domain/src/two.ts': "import { one } from './one.ts'\nexport const two: number = one\n",
  })
  expect(report).toContain('lint/suspicious/noImportCycles')
})

test('domain may import neither Node nor a library', () => {
  const report = lint({ 'packages/domain/src/probe.ts': "import 'node:fs'\nimport 'zod'\n" })
  expect(report.match(/lint\/style\/noRestrictedImports/g)).toHaveLength(2)
})

test('an undeclared import is found', () => {
  expect(lint({ 'packages/store/src/probe.ts': "import 'hono'\n" })).toContain('noUndeclaredDependencies')
})

test('a dependency or reference that the table does not allow is found, and so is a download address in a lock file', () => {
  expect(lawsBroken(ROOT)).toEqual([])
  expect(lawsBroken(copy)).toEqual([])
  const manifest = join(copy, 'packages/domain/package.json')
  const before = readFileSync(manifest, 'utf8')
  writeFileSync(manifest, before.replace('"@cashdesk/protocol"', '"@cashdesk/store"'))
  expect(lawsBroken(copy)).toEqual(['packages/domain may not depend on @cashdesk/store'])
  writeFileSync(manifest, before)
  const lock = join(copy, 'package-lock.json')
  writeFileSync(lock, readFileSync(lock, 'utf8').replace('"resolved": "', '"resolved": "https://elsewhere.test/'))
  expect(lawsBroken(copy)[0]).toContain('download addresses')
})

test('a journey that imports another is found', () => {
  const folder = join(copy, 'packages/server/src/journeys')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'one.ts'), "import { two } from './two.ts'\nimport { three } from '../wechat/three.ts'\n")
  expect(lawsBroken(copy).filter((law) => law.includes('journeys/'))).toEqual([
    expect.stringContaining('journeys/one.ts imports the journey ./two.ts'),
  ])
  rmSync(folder, { recursive: true })
})
