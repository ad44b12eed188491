// `npm run check`: format, lint, import boundaries, types, dead code, and the rules of this repository that no other tool checks. Every step runs; if one
// fails, the check fails.

import { spawnSync } from 'node:child_process'
import { citationsBroken } from './citations.ts'
import { lawsBroken } from './laws.ts'
import { allMutants, impossible } from './mutants/mutant.ts'

const STEPS: readonly [string, string, ...string[]][] = [
  ['format, lint, boundaries, circles', 'biome', 'ci', '--error-on-warnings', '.'],
  ['types of the packages', 'tsc', '-b'],
  ['types of the pages', 'tsc', '-p', 'tsconfig.pages.json'],
  ['types of tests and tools', 'tsc', '-p', 'tsconfig.tests.json'],
  ['types of the native mini program', 'tsc', '-p', 'examples/native-shop'],
  ['dead code', 'knip', '--no-progress', '--no-config-hints'],
]

let failed = 0
for (const [name, command, ...args] of STEPS) {
  const { status } = spawnSync(command, args, { stdio: 'inherit' })
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name}`)
  if (status !== 0) failed++
}
const broken = [...lawsBroken(), ...citationsBroken(), ...impossible(await allMutants())]
for (const law of broken) console.log(`     ${law}`)
console.log(`${broken.length === 0 ? 'ok  ' : 'FAIL'} the house: dependencies, references, circles, lock files, citations, mutants`)
if (broken.length > 0) failed++
process.exit(failed === 0 ? 0 : 1)
