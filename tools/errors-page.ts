// Writes docs/reference/errors.md from the catalogue: one heading for each error of ours, then WeChat's codes. A test checks that the page is current.

import { writeFileSync } from 'node:fs'
import { ERROR_CATALOGUE, type ErrorCode } from '@cashdesk/protocol'
import { API_CODES, CLIENT_MESSAGES, type Explained, OWN_ERRORS, REQUEST_ID_CODES } from '@cashdesk/protocol/catalogue'

export const ERRORS_PAGE: URL = new URL('../docs/reference/errors.md', import.meta.url)

const INTRODUCTION = `# Errors · 错误

Written from the catalogue by \`npm run docs:errors\`. Branch on \`code\` and \`outcome\`, never on text. \`cashdesk explain CODE\` prints one entry.

由目录生成（\`npm run docs:errors\`）。请根据 \`code\` 与 \`outcome\` 分支，不要根据文字。\`cashdesk explain CODE\` 可打印单个条目。
`

export function errorsPage(): string {
  const own = (Object.keys(ERROR_CATALOGUE) as ErrorCode[]).map((code) =>
    section({ code, what: ERROR_CATALOGUE[code], ...OWN_ERRORS[code], source: '' }),
  )
  return [
    INTRODUCTION,
    '## Ours · 我们的错误\n',
    ...own,
    '## Codes of WeChat Pay · 微信支付错误码\n',
    ...API_CODES.map(section),
    '## Internal codes in a Request-ID · Request-ID 中的内部码\n',
    'The number after the last `-`. · 最后一个 `-` 之后的数字。\n',
    ...REQUEST_ID_CODES.map(section),
    '## What the user sees · 用户看到的提示\n',
    ...CLIENT_MESSAGES.map(section),
  ].join('\n')
}

function section({ code, what, causes, fix, outcome, source }: Explained): string {
  const facts = [outcome && `outcome: \`${outcome}\``, linked(source)].filter(Boolean).join(' · ')
  const lines = [
    `### ${code}`,
    '',
    what.en,
    what.zh,
    '',
    ...causes.map((cause) => `- ${cause.en} · ${cause.zh}`),
    '',
    `**Fix · 处理** ${fix.en} · ${fix.zh}`,
    ...(facts ? ['', `_${facts}_`] : []),
    '',
  ]
  return lines.join('\n')
}

/** `v3-protocol §12`, as a link to the sheet. */
function linked(source: string): string {
  return source.replace(/^([a-z0-9-]+) §[\d.]+$/, '[$&](wechat/$1.md)')
}

if (import.meta.main) writeFileSync(ERRORS_PAGE, errorsPage())
