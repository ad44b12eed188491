// `cashdesk explain`: cause and fix of a code, a Request-ID, or a message that a phone shows.

import { type Explanation, explain as lookUp } from '@cashdesk/sdk/explain'
import { type Command, command } from '../command/declaration.ts'
import type { Say } from '../command/language.ts'
import { JSON_OUTPUT } from '../options.ts'

export const explain: Command = command({
  name: 'explain',
  text: { en: 'explain an error code, a Request-ID or a message', zh: '解释错误码、Request-ID 或报错信息' },
  options: { json: JSON_OUTPUT },
  arguments: {
    SUBJECT: {
      required: true,
      many: true,
      text: {
        en: 'a code of WeChat Pay or of ours, a Request-ID, or the words on the phone',
        zh: '微信支付或本项目的错误码、Request-ID，或手机上的提示',
      },
    },
  },
  examples: [
    { line: 'cashdesk explain ORDER_NOT_EXIST', text: { en: 'a code of WeChat Pay', zh: '微信支付错误码' } },
    {
      line: 'cashdesk explain 08E68E97CC0610DF0618AC86BCA80120082880CF05-268498688',
      text: { en: 'a Request-ID; the last digits are a code', zh: 'Request-ID，末尾数字是错误码' },
    },
    { line: 'cashdesk explain "requestPayment:fail cancel"', text: { en: 'what a phone shows', zh: '手机上的提示' } },
  ],
  // Not 1, so that a script can tell an unknown code from a failed command.
  exit: { 3: { en: 'nothing is known about that', zh: '没有相关说明' } },

  async run({ json }, { SUBJECT }, { say }) {
    const found = lookUp(SUBJECT.join(' '))
    console.log(json ? JSON.stringify(found) : page(found, say))
    return found.known ? 0 : 3
  },
})

function page(found: Explanation, say: Say): string {
  const head = [`${found.known ? found.explained.code : found.code} — ${found.kind}`, '']
  if (!found.known) return [...head, `  ${say({ en: `Unknown. ${found.hint.en}`, zh: `未知。${found.hint.zh}` }, '\n  ')}`].join('\n')
  const { what, causes, fix, outcome, source } = found.explained
  return [
    ...head,
    `  ${say(what, '\n  ')}`,
    '',
    `  ${say({ en: 'Causes', zh: '原因' }, '  ')}`,
    ...causes.map((cause) => `    - ${say(cause, '\n      ')}`),
    '',
    `  ${say({ en: 'Fix', zh: '处理' }, '  ')}`,
    `    ${say(fix, '\n    ')}`,
    '',
    `  ${[outcome && `outcome: ${outcome}`, `source: ${source}`].filter(Boolean).join('   ')}`,
  ].join('\n')
}
