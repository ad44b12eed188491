// `cashdesk reconcile`: the statement of a day as finance reads it, what differs, and files that a person brings.

import { readFile } from 'node:fs/promises'
import type { DifferenceAnswer, ReconciliationAnswer, StatementAnswer } from '@cashdesk/contract'
import { type Command, command } from '../command/declaration.ts'
import type { Say } from '../command/language.ts'
import { connected } from '../connect.ts'
import { CONNECT, JSON_OUTPUT, MERCHANT } from '../options.ts'

export const reconcile: Command = command({
  name: 'reconcile',
  text: { en: 'compare a day with WeChat’s bills, and show what differs', zh: '将某天与微信账单核对，并显示差异' },
  more: {
    en: 'Days are Beijing’s; bills exist from 10:00 of the next day. The server does this by itself; here it is done at once, as often as wanted.',
    zh: '日期按北京时间；账单于次日 10:00 起可用。服务会自动对账，此命令立即执行，可重复运行。',
  },
  options: {
    merchant: MERCHANT,
    date: { value: 'YYYY-MM-DD', text: { en: 'the day; yesterday without it', zh: '对账日期，缺省为昨天' } },
    file: {
      value: 'FILE',
      text: { en: 'a bill downloaded on the merchant platform, plain or gzip', zh: '在商户平台下载的账单文件（明文或 gzip）' },
    },
    kind: {
      value: 'KIND',
      default: 'trade',
      choices: ['trade', 'fund_flow'],
      text: { en: 'what the file is: trade or fund_flow', zh: '文件类型：trade（交易账单）或 fund_flow（资金账单）' },
    },
    again: { text: { en: 'fetch also the bills that are there already', zh: '已有的账单也重新下载' } },
    json: JSON_OUTPUT,
    ...CONNECT,
  },
  examples: [
    { line: 'cashdesk reconcile', text: { en: 'yesterday', zh: '核对昨天' } },
    {
      line: 'cashdesk reconcile --date 2026-11-24 --file bill.csv',
      text: { en: 'with a file that a person downloaded', zh: '使用手工下载的账单文件' },
    },
  ],
  exit: {
    1: { en: 'something differs that nobody has settled, or a bill is missing', zh: '存在未处理的差异，或账单缺失' },
  },

  async run({ merchant, date, file, kind, again, json, ...where }, _, { say }) {
    const day = date ?? new Date(Date.now() + 8 * 3_600_000 - 86_400_000).toISOString().slice(0, 10)
    const query = { merchant }
    const found =
      file === undefined
        ? await connected(where, say, (client) => client.reconciliations.run(day, { again: again === true }, query))
        : await connected(where, say, async (client) =>
            client.reconciliations.import(day, await readFile(file), { merchant, kind: kind === 'fund_flow' ? kind : 'trade' }),
          )
    const { data } = await connected(where, say, (client) => client.differences.list({ merchant, date: day, limit: 100 }))
    if (json) console.log(JSON.stringify({ ...found, data }))
    else console.log(dayText(found, data, say))
    return found.state === 'open' || found.state === 'waiting' || found.state === 'unavailable' ? 1 : 0
  },
})

const STATES: Readonly<Record<ReconciliationAnswer['state'], { en: string; zh: string }>> = {
  waiting: { en: 'waiting for a bill', zh: '等待账单' },
  clean: { en: 'agrees', zh: '账平' },
  explained: { en: 'agrees; every difference is settled or explained', zh: '账平（差异均已说明或处理）' },
  open: { en: 'differs', zh: '有未处理差异' },
  empty: { en: 'nothing moved', zh: '当日无交易' },
  unavailable: { en: 'the bill can no longer be fetched', zh: '账单已超出可下载期限' },
}

const ITEMS: readonly [item: keyof StatementAnswer, en: string, zh: string, sign: 1 | -1 | 0][] = [
  ['opening', 'opening balance', '期初余额', 0],
  ['receipts', 'receipts', '收款', 1],
  ['fees', 'fees', '手续费', -1],
  ['refunds', 'refunds', '退款', -1],
  ['fee_returns', 'fees returned', '手续费退回', 1],
  ['refunds_returned', 'refunds that came back', '退款退回', 1],
  ['shares', 'shares', '分账', 1],
  ['transfers', 'transfers', '转账', 1],
  ['withdrawals', 'withdrawals', '提现', -1],
  ['recharges', 'recharges', '充值', 1],
  ['other', 'other', '其他', 1],
  ['closing', 'closing balance', '期末余额', 0],
]

/** One day as finance reads it. */
export function dayText(
  { date, mchid, state, files, statement, differences }: ReconciliationAnswer,
  data: DifferenceAnswer[],
  say: Say,
): string {
  const bills = Object.entries(files).map(
    ([kind, bill]) => `${kind} ${bill?.state}${bill?.lines ? ` (${bill.lines})` : ''}${bill?.problem ? ` ${bill.problem}` : ''}`,
  )
  const lines = [`${date}  ${mchid}  ${say(STATES[state])}`, `  ${bills.join('  ')}`]
  if (statement) {
    for (const [item, en, zh, sign] of ITEMS) {
      const fen = statement[item]
      if (fen === 0 && sign !== 0) continue
      lines.push(`  ${say({ en: en.padEnd(24), zh: zh.padEnd(12, '　') })}${yuan(sign === -1 ? -fen : fen).padStart(16)}`)
    }
  }
  for (const one of data) {
    const why =
      one.evidence ??
      one.note ??
      Object.entries(one.detail)
        .map(([name, text]) => `${name}=${text}`)
        .join(' ')
    lines.push(`  ${one.state.padEnd(9)} ${one.class.padEnd(20)} ${yuan(one.amount).padStart(14)}  ${one.subject}  ${why}`)
  }
  if (differences.unsettled > 0)
    lines.push(
      say({
        en: `${differences.unsettled} unsettled, ${yuan(differences.at_risk)} yuan at risk. What each class means: docs/reference/differences.md`,
        zh: `未处理 ${differences.unsettled} 条，涉及 ${yuan(differences.at_risk)} 元。各类差异的含义见 docs/reference/differences.zh-CN.md`,
      }),
    )
  return lines.join('\n')
}

/** Fen as yuan with thousands separated. */
function yuan(fen: number): string {
  const text = (Math.abs(fen) / 100).toFixed(2)
  return `${fen < 0 ? '-' : ''}${text.replace(/\B(?=([0-9]{3})+\.)/g, ',')}`
}
