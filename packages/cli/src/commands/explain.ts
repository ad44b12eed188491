// `cashdesk explain`: cause and fix of a code, a Request-ID, or a message that a phone shows.

import { parseArgs } from 'node:util'
import { type Explanation, explain as lookUp } from '@cashdesk/sdk/explain'

export const EXPLAIN_USAGE = `cashdesk explain CODE|REQUEST-ID|MESSAGE [--json]

  ORDER_NOT_EXIST · 268498688 · 08E6…-268498688 · "requestPayment:fail cancel" · ERR_SERIAL_UNKNOWN`

export async function explain(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  })
  if (positionals.length === 0) {
    console.log(EXPLAIN_USAGE)
    return 2
  }
  const found = lookUp(positionals.join(' '))
  console.log(values.json ? JSON.stringify(found) : page(found))
  // A code we do not know is an answer, but a script may want to tell.
  return found.known ? 0 : 3
}

function page(found: Explanation): string {
  if (!found.known) return [`${found.code} — ${found.kind}`, '', `  Unknown. ${found.hint.en}`, `  未知。${found.hint.zh}`].join('\n')
  const { code, what, causes, fix, outcome, source } = found.explained
  return [
    `${code} — ${found.kind}`,
    '',
    `  ${what.en}`,
    `  ${what.zh}`,
    '',
    '  Causes  原因',
    ...causes.flatMap((cause) => [`    - ${cause.en}`, `      ${cause.zh}`]),
    '',
    '  Fix  处理',
    `    ${fix.en}`,
    `    ${fix.zh}`,
    '',
    `  ${[outcome && `outcome: ${outcome}`, `source: ${source}`].filter(Boolean).join('   ')}`,
  ].join('\n')
}
