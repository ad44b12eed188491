// Circles of imports between source files, type imports counted: files of a circle can only be read, moved and tested together.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'

/** Where no circle may be. */
const SOURCES: readonly string[] = ['packages/*/src/**/*.ts', 'simulation/src/**/*.ts', 'tools/**/*.ts', 'bench/**/*.ts']

/** Circles that are still to be mended, each with its files in order. The list only shrinks: a circle that is gone, or has other files, breaks the law too. */
export const KNOWN_CIRCLES: readonly (readonly string[])[] = [
  [
    'packages/server/src/access/strangers.ts',
    'packages/server/src/config/config.ts',
    'packages/server/src/gate.ts',
    'packages/server/src/health/clock-skew.ts',
    'packages/server/src/keys.ts',
    'packages/server/src/limits.ts',
    'packages/server/src/merchants.ts',
    'packages/server/src/replicas.ts',
    'packages/server/src/world.ts',
  ],
  [
    'packages/store/src/audit/audit.ts',
    'packages/store/src/audit/checks.ts',
    'packages/store/src/sql/audit-log.ts',
    'packages/store/src/sql/schedule.ts',
    'packages/store/src/store.ts',
  ],
]

/** One line for each circle under `root` that is not known, and for each known one that is no longer there. */
export function circlesBroken(root: string, known: readonly (readonly string[])[]): string[] {
  const found = circlesOf(importsUnder(root)).map((files) => files.join(', '))
  const listed = known.map((files) => files.join(', '))
  return [
    ...found.filter((circle) => !listed.includes(circle)).map((circle) => `these files import each other in a circle: ${circle}`),
    ...listed
      .filter((circle) => !found.includes(circle))
      .map((circle) => `no such circle any more, take it off tools/circles.ts: ${circle}`),
  ]
}

/** Each file with the files that it imports, as paths under `root`. */
function importsUnder(root: string): Map<string, string[]> {
  const files = globSync([...SOURCES], { cwd: root }).sort()
  return new Map(files.map((file) => [file, importsOf(root, file)]))
}

const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm
/** `from './x.ts'`, `import './x.ts'` and `import('./x.ts')`. */
const RELATIVE = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]+)['"]/g

function importsOf(root: string, file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8').replace(COMMENT, '')
  const paths = [...text.matchAll(RELATIVE)].map((match) => normalize(join(file, '..', match[1] ?? '')))
  return [...new Set(paths)].filter((path) => existsSync(join(root, path)))
}

/** Files that reach each other, each such group once and in order. */
function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const reached = new Map([...imports.keys()].map((file) => [file, reachedFrom(file, imports)]))
  const circleOf = (file: string): string[] => [...(reached.get(file) ?? [])].filter((other) => reached.get(other)?.has(file)).sort()
  const circles = [...imports.keys()].map(circleOf).filter((circle) => circle.length > 0)
  return circles.filter((circle, index) => circles.findIndex((other) => other[0] === circle[0]) === index)
}

/** Every file that `start` imports, directly or through others; `start` itself when it is in a circle. */
function reachedFrom(start: string, imports: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>()
  const ahead = [...(imports.get(start) ?? [])]
  for (let file = ahead.pop(); file !== undefined; file = ahead.pop()) {
    if (reached.has(file)) continue
    reached.add(file)
    ahead.push(...(imports.get(file) ?? []))
  }
  return reached
}
