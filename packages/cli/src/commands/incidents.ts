// `cashdesk incidents`: lists what needs a person, each with what to do; `incidents resolve` closes one.

import { INCIDENTS, type IncidentAnswer, incidentsQuery } from '@cashdesk/contract'
import { type Command, command } from '../command/declaration.ts'
import type { Say } from '../command/language.ts'
import { connected } from '../connect.ts'
import { queryOf } from '../look.ts'
import { CONNECT, JSON_OUTPUT, MERCHANT, PAGE } from '../options.ts'
import { beijing } from '../story.ts'

const resolve: Command = command({
  name: 'resolve',
  text: { en: 'end an incident, with a note', zh: '关闭一个异常，并填写说明' },
  options: {
    note: {
      value: 'TEXT',
      required: true,
      text: { en: 'what was found and done; kept in the audit log', zh: '处理说明，记入审计日志' },
    },
    merchant: MERCHANT,
    json: JSON_OUTPUT,
    ...CONNECT,
  },
  arguments: {
    ID: { required: true, text: { en: 'as `cashdesk incidents` lists it: inc_…', zh: '`cashdesk incidents` 列出的编号：inc_…' } },
  },
  examples: [
    {
      line: 'cashdesk incidents resolve inc_01 --note "second payment refunded"',
      text: { en: 'after the money was given back', zh: '退还款项之后' },
    },
  ],
  exit: { 1: { en: 'the server refused, could not be reached, or there is no database', zh: '服务拒绝、无法连接，或没有数据库' } },

  async run({ note, merchant, json, ...where }, { ID }, { say }) {
    const resolved = await connected(where, say, (client) => client.incidents.resolve(ID, { note }, { merchant }))
    console.log(json ? JSON.stringify(resolved) : `${resolved.id} ${say({ en: 'is resolved', zh: '已关闭' })}`)
    return 0
  },
})

export const incidents: Command = command({
  name: 'incidents',
  text: { en: 'list what needs a person, and what to do about it', zh: '列出需要人工处理的异常及处理方法' },
  more: { en: 'Newest first.', zh: '新的在前。' },
  options: {
    merchant: MERCHANT,
    state: { value: 'STATE', default: 'open', text: { en: 'open or resolved', zh: 'open（未关闭）或 resolved（已关闭）' } },
    kind: { value: 'KIND', text: { en: 'only of this kind, such as double_payment', zh: '只列该类异常，例如 double_payment' } },
    ...PAGE,
    json: JSON_OUTPUT,
    ...CONNECT,
  },
  examples: [
    { line: 'cashdesk incidents --server http://127.0.0.1:8910', text: { en: 'what is open', zh: '未关闭的异常' } },
    { line: 'cashdesk incidents --state resolved --json', text: { en: 'what was resolved, for a script', zh: '已关闭的异常，供脚本使用' } },
  ],
  exit: { 1: { en: 'an incident is open', zh: '有未关闭的异常' } },
  subcommands: [resolve],

  async run({ merchant, state, kind, limit, after, json, ...where }, _, { say }) {
    const query = queryOf(incidentsQuery, { merchant, state, kind, limit, after })
    const { data, next } = await connected(where, say, (client) => client.incidents.list(query))
    if (json) for (const one of data) console.log(JSON.stringify(one))
    else if (data.length === 0) console.log(say({ en: `no ${state} incidents`, zh: '没有异常' }))
    else console.log(data.map((one) => incidentText(one, say)).join('\n\n'))
    if (next !== null && !json) console.log(`\n--after ${next}`)
    return data.some((one) => one.state === 'open') ? 1 : 0
  },
})

function incidentText({ id, kind, subject, detail, state, created_at, resolved_at, resolved_by, note }: IncidentAnswer, say: Say): string {
  const { en, zh } = INCIDENTS[kind]
  const ended = say({ en: 'ended', zh: '关闭' }, ' ')
  return [
    `${id}  ${kind}  ${subject}  ${state}  ${beijing(created_at)}`,
    ...Object.entries(detail).map(([name, text]) => `  ${name}: ${text}`),
    ...(resolved_at === null ? [] : [`  ${ended}  ${beijing(resolved_at)} ${resolved_by ?? ''} ${note ?? ''}`.trimEnd()]),
    ...(state === 'open'
      ? [`  ${say({ en: en.happened, zh: zh.happened }, '\n  ')}`, `  → ${say({ en: en.todo, zh: zh.todo }, '\n  → ')}`]
      : []),
  ].join('\n')
}
