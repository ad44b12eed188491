// One order's history as text: money in yuan, times in Beijing, one line per entry.

import type { OrderStoryAnswer, RefundAnswer, StoryEntry, WechatSaid } from '@cashdesk/contract'
import type { Say } from './command/language.ts'
import { columns, padded } from './command/terminal.ts'

export function storyText({ order, refunds, entries, next_check_at }: OrderStoryAnswer, say: Say): string {
  const { amount } = order
  const words = wordsIn(say)
  const label = (name: string): string => padded(name, Math.max(14, columns(name)))
  const head = [
    `${order.out_trade_no}  ${order.state}  ${yuan(amount.total)}  ${order.description}`,
    ...(order.reference === null ? [] : [`reference      ${order.reference}`]),
    `merchant       ${order.merchant} (${order.sub_mchid ?? order.mchid})`,
    ...(order.transaction_id === null ? [] : [`transaction_id ${order.transaction_id}`]),
    ...(amount.payer_total === null ? [] : [`${label(words.paid)} ${yuan(amount.payer_total)}`]),
    ...(amount.refund_reserved === 0
      ? []
      : [`${label(words.refunded)} ${yuan(amount.refunded)}, ${words.held} ${yuan(amount.refund_reserved)}`]),
    `${label(words.expires)} ${beijing(order.time_expire)}`,
    ...(next_check_at === null ? [] : [`${label(words.next)} ${beijing(next_check_at)}`]),
  ]
  const money = refunds.map((refund) => `${label(words.refund)} ${refundText(refund)}`)
  const times = say({ en: 'Times are Beijing’s', zh: '以下为北京时间' })
  return [...head, ...money, '', times, ...entries.map((entry) => entryLine(entry, say))].join('\n')
}

function wordsIn(say: Say) {
  return {
    paid: say({ en: 'paid', zh: '实付' }, ' '),
    refunded: say({ en: 'refunded', zh: '已退' }, ' '),
    held: say({ en: 'held', zh: '退款占用' }, ' '),
    expires: say({ en: 'expires', zh: '过期' }, ' '),
    next: say({ en: 'next look', zh: '下次查询' }, ' '),
    refund: say({ en: 'refund', zh: '退款' }, ' '),
  }
}

function refundText({ out_refund_no, state, amount, failure }: RefundAnswer): string {
  return `${out_refund_no}  ${state}  ${yuan(amount.refund)}${failure === null ? '' : `  ${failure}`}`
}

function entryLine(entry: StoryEntry, say: Say): string {
  const about = entry.out_refund_no === null ? '' : `${entry.out_refund_no}: `
  return `${beijing(entry.at)}  ${about}${lineOf(entry, say)}`
}

function lineOf(entry: StoryEntry, say: Say): string {
  switch (entry.what) {
    case 'state': {
      const because = [entry.source, entry.source_ref].filter(Boolean).join(' ')
      const notes = Object.entries(entry.notes).map(([name, text]) => `\n    ${name}: ${text}`)
      return `${entry.from} → ${entry.to}  (${because})${entry.wechat ? `\n    ${saidText(entry.wechat, say)}` : ''}${notes.join('')}`
    }
    case 'refusal': {
      const last = say({ en: 'last', zh: '最近' }, ' ')
      const often = entry.times === 1 ? '' : `, ${entry.times} ${say({ en: 'times', zh: '次' }, ' ')}, ${last} ${beijing(entry.last_at)}`
      const trust = entry.signed ? '' : `, ${say({ en: 'unsigned', zh: '未签名' }, ' ')}`
      const quoted = entry.support_id === null ? '' : `\n    ${say({ en: 'the buyer quotes', zh: '买家编号' }, ' ')} ${entry.support_id}`
      const refused = say({ en: 'WeChat refused', zh: '微信拒绝' }, ' ')
      return `${refused} ${entry.op} (HTTP ${entry.status}${trust}${often})\n    ${saidText(entry.wechat, say)}${quoted}`
    }
    case 'notification':
      return `${say({ en: 'notification', zh: '收到通知' }, ' ')} ${entry.event_type} ${entry.id} (${entry.outcome})`
    case 'event':
      return `${say({ en: 'event', zh: '事件' }, ' ')} ${entry.type} ${entry.id}`
    case 'delivery': {
      const why = [entry.last_status === null ? '' : `HTTP ${entry.last_status}`, entry.last_error ?? ''].filter(Boolean).join(' ')
      const attempts = `${entry.attempts} ${say({ en: 'attempts', zh: '次' }, ' ')}${why && `, ${why}`}`
      return `${say({ en: 'delivery', zh: '推送' }, ' ')} ${entry.event_id} → ${entry.endpoint_id}: ${entry.state}, ${attempts}`
    }
    case 'incident': {
      const detail = Object.entries(entry.detail).map(([name, text]) => `\n    ${name}: ${text}`)
      return `${say({ en: 'incident', zh: '异常' }, ' ')} ${entry.kind} (${entry.state})${detail.join('')}`
    }
  }
}

function saidText({ code, message, field, request_id }: WechatSaid, say: Say): string {
  const place = field && `${say({ en: 'field', zh: '字段' }, ' ')} ${field}`
  return [code, message, place, request_id && `Request-ID ${request_id}`].filter(Boolean).join(' · ')
}

/** Exact: fen are integers. */
export function yuan(fen: number): string {
  const text = String(Math.abs(fen)).padStart(3, '0')
  return `${fen < 0 ? '-' : ''}¥${text.slice(0, -2)}.${text.slice(-2)}`
}

const BEIJING_MS = 8 * 60 * 60 * 1000

/** China has no daylight saving time: Beijing is UTC+8 all year. */
export function beijing(time: string): string {
  return new Date(Date.parse(time) + BEIJING_MS).toISOString().slice(0, 19).replace('T', ' ')
}
