// `npm run mutate [-- --short] [-- ID…]`: changes one line at a time and runs the tests nearest to it. If no test fails, nothing guards that line. --short
// takes every eighth mutant, for each CI run. Exit 1 if fewer than 95 % are killed, or if the tests fail before anything is changed.

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { allMutants, impossible, type Mutant } from './mutants/mutant.ts'

const ALL = await allMutants()
const broken = impossible(ALL)
if (broken.length > 0) throw new TypeError(broken.join('\n'))
const SHARE_WANTED = 0.95
const SHORT_EVERY = 8

const { values, positionals } = parseArgs({ allowPositionals: true, options: { short: { type: 'boolean', default: false } } })
const chosen = ALL.filter(({ id }, i) => (positionals.length > 0 ? positionals.includes(id) : !values.short || i % SHORT_EVERY === 0))

const began = performance.now()
// Tests that fail without any change would kill every mutant. CI has run all tests before it comes here.
const before = values.short ? undefined : passes(chosen.flatMap(({ tests }) => tests))
if (before && !before.passed) throw new Error(`these tests fail without any change\n${before.said.slice(-4000)}`)

const survivors: Mutant[] = []
let tried = 0
for (const mutant of chosen) {
  if (mutant.survives !== undefined) {
    console.log(`same     ${mutant.id}  ${mutant.survives}`)
    continue
  }
  tried++
  const killed = isKilled(mutant)
  if (!killed) survivors.push(mutant)
  console.log(`${killed ? 'killed  ' : 'SURVIVED'} ${mutant.id}  ${mutant.why}`)
}
for (const { id, file, from, to } of survivors) console.log(`\n${id} ${file}\n  - ${from}\n  + ${to}`)
const share = ((1 - survivors.length / Math.max(1, tried)) * 100).toFixed(1)
const minutes = ((performance.now() - began) / 60_000).toFixed(1)
console.log(
  `\n${tried} mutants, ${tried - survivors.length} killed (${share} %), ${chosen.length - tried} that mean the same, ${minutes} minutes`,
)
process.exit((tried - survivors.length) / Math.max(1, tried) >= SHARE_WANTED ? 0 : 1)

function isKilled({ id, file, from, to, tests }: Mutant): boolean {
  const sound = readFileSync(file, 'utf8')
  const restore = (): void => writeFileSync(file, sound)
  const stop = (): never => {
    restore()
    process.exit(130)
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  try {
    writeFileSync(
      file,
      sound.replace(from, () => to),
    )
    const { passed, said } = passes(tests)
    // A mutant that cannot be loaded shows nothing about the tests.
    if (/No test files found|SyntaxError/.test(said)) throw new TypeError(`${id}: does not run\n${said}`)
    return !passed
  } finally {
    restore()
    process.off('SIGINT', stop).off('SIGTERM', stop)
  }
}

function passes(tests: readonly string[]): { passed: boolean; said: string } {
  const args = ['vitest', 'run', '--project', 'cashdesk', '--bail', '1', ...new Set(tests)]
  const { status, stdout, stderr, error } = spawnSync('npx', args, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 })
  if (error) throw error
  return { passed: status === 0, said: `${stdout}${stderr}` }
}
