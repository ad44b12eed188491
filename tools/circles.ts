// Finds circles of imports between source files, type imports included: the files of a circle can only be read, moved and tested together.

import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'

/** The files among which no circle is allowed. */
const SOURCES: readonly string[] = ['packages/*/src/**/*.ts', 'simulation/src/**/*.ts', 'tools/**/*.ts', 'bench/**/*.ts']

/** One line for each circle under `root`. */
export function circlesBroken(root: string): string[] {
  return circlesOf(importsUnder(root)).map((files) => `these files import each other in a circle: ${files.join(', ')}`)
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

/** Groups of files that reach each other; each group once, in order. */
function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const reached = new Map([...imports.keys()].map((file) => [file, reachedFrom(file, imports)]))
  const circleOf = (file: string): string[] => [...(reached.get(file) ?? [])].filter((other) => reached.get(other)?.has(file)).sort()
  const circles = [...imports.keys()].map(circleOf).filter((circle) => circle.length > 0)
  return circles.filter((circle, index) => circles.findIndex((other) => other[0] === circle[0]) === index)
}

/** Every file that `start` imports, directly or through others; includes `start` if it is in a circle. */
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
