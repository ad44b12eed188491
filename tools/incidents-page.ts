// Writes docs/reference/incidents.md and its Chinese page from the contract's table: one heading for each kind. A test checks that the pages are current.

import { writeFileSync } from 'node:fs'
import { INCIDENTS, type IncidentKind } from '@cashdesk/contract'

export const INCIDENTS_PAGES = {
  en: new URL('../docs/reference/incidents.md', import.meta.url),
  zh: new URL('../docs/reference/incidents.zh-CN.md', import.meta.url),
} as const

const HEADS = {
  en: `# Incidents

[中文](incidents.zh-CN.md) · Written from the contract by \`npm run docs:incidents\`.

An incident is what a person must look at. The same one is open only once. \`cashdesk incidents\` (or \`GET /v1/incidents\`) lists them, events \`incident.opened\`
and \`incident.resolved\` tell of them, \`wxpay_incidents_open\` counts them. End one with \`cashdesk incidents resolve ID --note "what was done"\` (scope \`admin\`);
the note is kept in the audit log.
`,
  zh: `# 异常

[English](incidents.md) · 由契约生成（\`npm run docs:incidents\`）。

异常是需要人工处理的事项，同一异常同时只会打开一条。\`cashdesk incidents\`（或 \`GET /v1/incidents\`）列出异常，事件 \`incident.opened\` 与
\`incident.resolved\` 会推送，指标 \`wxpay_incidents_open\` 计数。处理完毕后用 \`cashdesk incidents resolve ID --note "处理说明"\` 关闭（权限 \`admin\`），
说明会记入审计日志。
`,
} as const

const WORDS = { en: ['What happened', 'What to do'], zh: ['发生了什么', '如何处理'] } as const

export function incidentsPage(language: 'en' | 'zh'): string {
  const [happened, todo] = WORDS[language]
  const sections = (Object.keys(INCIDENTS) as IncidentKind[]).map((kind) => {
    const advice = INCIDENTS[kind][language]
    return `## ${kind}\n\n**${happened}.** ${advice.happened}\n\n**${todo}.** ${advice.todo}\n`
  })
  return [HEADS[language], ...sections].join('\n')
}

if (import.meta.main) for (const language of ['en', 'zh'] as const) writeFileSync(INCIDENTS_PAGES[language], incidentsPage(language))
