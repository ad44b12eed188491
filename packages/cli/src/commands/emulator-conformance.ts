// `cashdesk emulator conformance`: tests a client of WeChat Pay v3: what it must accept, must reject and must survive.

import { runConformance, type Verdict } from '@cashdesk/conformance'
import { type Command, command } from '../command/declaration.ts'
import type { Say } from '../command/language.ts'
import { padded } from '../command/terminal.ts'

export const conformance: Command = command({
  name: 'conformance',
  text: { en: 'test a client of WeChat Pay v3, in any language', zh: '检验任意语言的微信支付 v3 客户端' },
  options: {
    driver: {
      value: 'COMMAND',
      required: true,
      text: {
        en: 'a program that calls the client under test: it reads one JSON line a call and answers with one; docs/how-to/conformance.md',
        zh: '调用被测客户端的程序：每次调用读一行 JSON，答一行 JSON；见 docs/how-to/conformance.zh-CN.md',
      },
    },
    only: {
      value: 'PREFIX',
      text: {
        en: 'scenarios whose names begin so: order, query, notification, …',
        zh: '只运行名称以此开头的场景：order、query、notification……',
      },
    },
    json: { text: { en: 'one JSON object a scenario, and a sum', zh: '每个场景一行 JSON，最后一行为合计' } },
  },
  examples: [
    {
      line: 'cashdesk emulator conformance --driver "node driver.js" --only notification',
      text: { en: 'only the scenarios of notifications', zh: '只检验回调通知的场景' },
    },
  ],
  exit: { 1: { en: 'the client is wrong in a scenario, or offers none', zh: '客户端在某个场景中出错，或未提供任何功能' } },

  async run({ driver, only, json }, _, { say }) {
    if (!json) console.log(`${'scenario'.padEnd(32)} ${'right'.padEnd(9)} ${'was'.padEnd(12)}`)
    const verdicts = await runConformance({
      driver,
      ...(only !== undefined && { only }),
      onVerdict: (verdict) => console.log(json ? JSON.stringify(verdict) : line(verdict, say)),
    })
    const [passed, failed, not_offered] = [count(verdicts, 'pass'), count(verdicts, 'fail'), count(verdicts, 'skip')]
    const text = {
      en: `${passed} right, ${failed} wrong, ${not_offered} not offered`,
      zh: `正确 ${passed}，错误 ${failed}，未提供 ${not_offered}`,
    }
    console.log(json ? JSON.stringify({ passed, failed, not_offered }) : `\n${say(text)}`)
    return failed === 0 && passed > 0 ? 0 : 1
  },
})

function line({ scenario, right, was, verdict, en, zh, detail }: Verdict, say: Say): string {
  const mark = { pass: 'ok  ', fail: 'FAIL', skip: '-   ' }[verdict]
  const row = `${padded(scenario, 32)} ${right.padEnd(9)} ${was.padEnd(12)} ${mark}`
  return verdict === 'fail' ? `${row} ${say({ en, zh }, ' / ')}${detail === undefined ? '' : `\n     ${detail}`}` : row
}

function count(verdicts: readonly Verdict[], verdict: Verdict['verdict']): number {
  return verdicts.filter((one) => one.verdict === verdict).length
}
