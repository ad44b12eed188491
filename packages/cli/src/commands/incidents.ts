// `cashdesk incidents`: what a person must look at, each with what to do about it; and its end.

import { parseArgs } from 'node:util'
import { INCIDENTS, type IncidentAnswer, incidentsQuery } from '@cashdesk/contract'
import { CONNECT_OPTIONS, CONNECT_USAGE, connected } from '../connect.ts'
import { beijing } from '../story.ts'
import { UsageError } from '../usage.ts'

export const INCIDENTS_USAGE: string = `cashdesk incidents [--state open|resolved] [--kind KIND]
cashdesk incidents resolve ID --note TEXT

  What a person must look at, newest first, and what to do about it. The open ones, unless --state says otherwise. Exit 0 when there is none, else 1.
  需要人工处理的异常及处理方法，新的在前；默认只列未关闭的。没有异常时退出码为 0，否则为 1。

  --merchant  which; not needed when there is one
  --note      what was found and done; kept in the audit log · 处理说明，记入审计日志
  --limit     20; up to 100
  --after     the cursor that the page before ended with
  --json      one object a line
${CONNECT_USAGE}`

const OPTIONS = {
  ...CONNECT_OPTIONS,
  merchant: { type: 'string' },
  state: { type: 'string', default: 'open' },
  kind: { type: 'string' },
  note: { type: 'string' },
  limit: { type: 'string' },
  after: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

type Values = ReturnType<typeof parse>['values']

function parse(argv: readonly string[]) {
  return parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS })
}

export async function incidents(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv)
  const [word, id] = positionals
  if (word === undefined) return list(values)
  if (word !== 'resolve' || id === undefined || values.note === undefined) {
    console.log(INCIDENTS_USAGE)
    return 2
  }
  const { note, merchant } = values
  const resolved = await connected(values, (client) => client.incidents.resolve(id, { note }, { merchant }))
  console.log(values.json ? JSON.stringify(resolved) : `${resolved.id} is resolved · 已关闭`)
  return 0
}

async function list(values: Values): Promise<number> {
  const { merchant, state, kind, limit, after } = values
  const page = incidentsQuery.safeParse(JSON.parse(JSON.stringify({ merchant, state, kind, limit, after })))
  if (!page.success) throw new UsageError(page.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'))
  const { data, next } = await connected(values, (client) => client.incidents.list(page.data))
  if (values.json) for (const one of data) console.log(JSON.stringify(one))
  else console.log(data.length === 0 ? `no ${state} incidents · 没有异常` : data.map(incidentText).join('\n\n'))
  if (next !== null && !values.json) console.log(`\n--after ${next}`)
  return data.some((one) => one.state === 'open') ? 1 : 0
}

function incidentText({ id, kind, subject, detail, state, created_at, resolved_at, resolved_by, note }: IncidentAnswer): string {
  const { en, zh } = INCIDENTS[kind]
  const ended = resolved_at === null ? [] : [`  ended 关闭  ${beijing(resolved_at)} ${resolved_by ?? ''} ${note ?? ''}`.trimEnd()]
  return [
    `${id}  ${kind}  ${subject}  ${state}  ${beijing(created_at)}`,
    ...Object.entries(detail).map(([name, text]) => `  ${name}: ${text}`),
    ...ended,
    ...(state === 'open' ? [`  ${en.happened}`, `  ${zh.happened}`, `  → ${en.todo}`, `  → ${zh.todo}`] : []),
  ].join('\n')
}
