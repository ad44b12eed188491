// The check finds circles of imports that Biome does not find: those closed by type imports.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { circlesBroken } from '../../tools/circles.ts'

let house: string
beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'cashdesk-circles-'))
})
afterEach(() => rmSync(house, { recursive: true }))

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(house, path)), { recursive: true })
    writeFileSync(join(house, path), text)
  }
}

test.each([
  ['a type import', "import type { A } from './rooms/a.ts'"],
  ['an inline type import', "import { type A } from './rooms/a.ts'"],
  ['an import type', "export type A = import('./rooms/a.ts').A"],
  ['a re-export', "export * from './rooms/a.ts'"],
  ['an import for its effect', "import './rooms/a.ts'"],
  ['an import over several lines', "import {\n  A,\n} from './rooms/a.ts'"],
])('%s closes a circle, and the error names the files', (_, line) => {
  write({ 'packages/one/src/rooms/a.ts': "import { b } from '../b.ts'\n", 'packages/one/src/b.ts': `${line}\n` })
  expect(circlesBroken(house)).toEqual(['these files import each other in a circle: packages/one/src/b.ts, packages/one/src/rooms/a.ts'])
})

test.each(['simulation/src', 'tools', 'bench'])('a circle in %s is found, and a circle of a hundred files is reported once', (folder) => {
  const names = Array.from({ length: 100 }, (_, index) => `${folder}/file-${String(index).padStart(3, '0')}.ts`)
  write(Object.fromEntries(names.map((name, index) => [name, `import './file-${String((index + 1) % 100).padStart(3, '0')}.ts'\n`])))
  expect(circlesBroken(house)).toEqual([`these files import each other in a circle: ${names.join(', ')}`])
})

test('imports that go down, meet, or stand in a comment are no circle', () => {
  write({
    'tools/top.ts': "import './left.ts'\nimport './right.ts'\n",
    'tools/left.ts': "import './down.ts'\n",
    'tools/right.ts': "import './down.ts'\n",
    'tools/down.ts': "/**\n * import { top } from './top.ts'\n */\n// import './top.ts'\nexport const down = 1\n",
  })
  expect(circlesBroken(house)).toEqual([])
})
