// Writes docs/reference/differences.md and its Chinese page from the contract's table: one heading for each class. A test checks that the pages are current.

import { writeFileSync } from 'node:fs'
import { DIFFERENCE_CLASSES_ALL, DIFFERENCES } from '@cashdesk/contract'

export const DIFFERENCES_PAGES = {
  en: new URL('../docs/reference/differences.md', import.meta.url),
  zh: new URL('../docs/reference/differences.zh-CN.md', import.meta.url),
} as const

const HEADS = {
  en: `# Differences

[中文](differences.zh-CN.md) · Written from the contract by \`npm run docs:differences\`.

What reconciliation finds between the ledger and WeChat's bills. \`cashdesk reconcile\` and \`GET /v1/differences\` list them. A positive amount: WeChat has more
than we (长款); a negative one: we have more (短款). What the machine can explain by a signed answer of WeChat is \`explained\`; a person settles the rest with
\`POST /v1/differences/{id}\`: \`assign\`, \`resolve\` with a reason, \`accept\` (write off; above ¥100 two unrelated keys), \`reopen\`.
`,
  zh: `# 差异

[English](differences.md) · 由契约生成（\`npm run docs:differences\`）。

账本与微信账单核对后发现的差异，可用 \`cashdesk reconcile\` 或 \`GET /v1/differences\` 查看。金额为正表示长款（微信多），为负表示短款（我方多）。系统能凭微信的签名应答说明的，
状态为 \`explained\`；其余由人工通过 \`POST /v1/differences/{id}\` 处理：\`assign\` 指派、\`resolve\` 填写原因、\`accept\` 平账（超过 100 元须两个互不相关的密钥）、
\`reopen\` 重新打开。
`,
} as const

const WORDS = { en: ['What it means', 'What to do'], zh: ['含义', '如何处理'] } as const

export function differencesPage(language: 'en' | 'zh'): string {
  const [means, todo] = WORDS[language]
  const sections = DIFFERENCE_CLASSES_ALL.map((name) => {
    const advice = DIFFERENCES[name][language]
    return `## ${name}\n\n**${means}.** ${advice.happened}\n\n**${todo}.** ${advice.todo}\n`
  })
  return [HEADS[language], ...sections].join('\n')
}

if (import.meta.main) for (const language of ['en', 'zh'] as const) writeFileSync(DIFFERENCES_PAGES[language], differencesPage(language))
