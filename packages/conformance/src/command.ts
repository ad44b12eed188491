// `cashdesk emulator conformance`: what a client of WeChat Pay v3 accepts, rejects and dies of, against what is right.

import { parseArgs } from 'node:util'
import { runConformance, type Verdict } from './run.ts'

export const CONFORMANCE_USAGE: string = `cashdesk emulator conformance --driver COMMAND [--only PREFIX] [--json]

  --driver  a program that calls the client under test: it reads one JSON line a call and answers with one; docs/how-to/conformance.md
  --only    scenarios whose names begin so: order, query, notification, …
  --json    one JSON object a scenario, and a sum

  Ends with 0 when the client is right in every scenario it offers, 1 when not.`

export async function runConformanceCommand(argv: readonly string[], print: (line: string) => void = console.log): Promise<number> {
  const options = readArguments(argv)
  if (!options) {
    print(CONFORMANCE_USAGE)
    return 2
  }
  const { json, driver, only } = options
  if (!json) print(`${'scenario'.padEnd(32)} ${'right'.padEnd(9)} ${'was'.padEnd(12)}`)
  const verdicts = await runConformance({
    driver,
    ...(only !== undefined && { only }),
    onVerdict: (verdict) => print(json ? JSON.stringify(verdict) : line(verdict)),
  })
  const sum = { passed: count(verdicts, 'pass'), failed: count(verdicts, 'fail'), not_offered: count(verdicts, 'skip') }
  print(json ? JSON.stringify(sum) : `\n${sum.passed} right, ${sum.failed} wrong, ${sum.not_offered} not offered`)
  return sum.failed === 0 && sum.passed > 0 ? 0 : 1
}

function line({ scenario, right, was, verdict, en, zh, detail }: Verdict): string {
  const mark = { pass: 'ok  ', fail: 'FAIL', skip: '-   ' }[verdict]
  const row = `${scenario.padEnd(32)} ${right.padEnd(9)} ${was.padEnd(12)} ${mark}`
  return verdict === 'fail' ? `${row} ${en} / ${zh}${detail === undefined ? '' : `\n     ${detail}`}` : row
}

function count(verdicts: readonly Verdict[], verdict: Verdict['verdict']): number {
  return verdicts.filter((one) => one.verdict === verdict).length
}

function readArguments(argv: readonly string[]): { driver: string; only: string | undefined; json: boolean } | undefined {
  try {
    const options = { driver: { type: 'string' }, only: { type: 'string' }, json: { type: 'boolean' } } as const
    const { values } = parseArgs({ args: [...argv], options })
    return values.driver === undefined ? undefined : { driver: values.driver, only: values.only, json: values.json ?? false }
  } catch {
    return undefined
  }
}
