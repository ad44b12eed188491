// One order's story as text for people: money in yuan, times in Beijing, one line for each thing that happened.

import type { OrderStoryAnswer, RefundAnswer, StoryEntry, WechatSaid } from '@cashdesk/contract'

export function storyText({ order, refunds, entries, next_check_at }: OrderStoryAnswer): string {
  const { amount } = order
  const head = [
    `${order.out_trade_no}  ${order.state}  ${yuan(amount.total)}  ${order.description}`,
    ...(order.reference === null ? [] : [`reference      ${order.reference}`]),
    `merchant       ${order.merchant} (${order.sub_mchid ?? order.mchid})`,
    ...(order.transaction_id === null ? [] : [`transaction_id ${order.transaction_id}`]),
    ...(amount.payer_total === null ? [] : [`paid 实付      ${yuan(amount.payer_total)}`]),
    ...(amount.refund_reserved === 0 ? [] : [`refunded 已退  ${yuan(amount.refunded)}, held 退款占用 ${yuan(amount.refund_reserved)}`]),
    `expires 过期   ${beijing(order.time_expire)}`,
    ...(next_check_at === null ? [] : [`next look 下次查询 ${beijing(next_check_at)}`]),
  ]
  const money = refunds.map(refundLine)
  return [...head, ...money, '', 'Times are Beijing’s · 以下为北京时间', ...entries.map(entryLine)].join('\n')
}

function refundLine({ out_refund_no, state, amount, failure }: RefundAnswer): string {
  return `refund 退款    ${out_refund_no}  ${state}  ${yuan(amount.refund)}${failure === null ? '' : `  ${failure}`}`
}

function entryLine(entry: StoryEntry): string {
  const about = entry.out_refund_no === null ? '' : `${entry.out_refund_no}: `
  return `${beijing(entry.at)}  ${about}${lineOf(entry)}`
}

function lineOf(entry: StoryEntry): string {
  switch (entry.what) {
    case 'state': {
      const because = [entry.source, entry.source_ref].filter(Boolean).join(' ')
      const notes = Object.entries(entry.notes).map(([name, text]) => `\n    ${name}: ${text}`)
      return `${entry.from} → ${entry.to}  (${because})${entry.wechat ? `\n    ${saidText(entry.wechat)}` : ''}${notes.join('')}`
    }
    case 'refusal': {
      const often = entry.times === 1 ? '' : `, ${entry.times} times 次, last 最近 ${beijing(entry.last_at)}`
      const trust = entry.signed ? '' : ', unsigned 未签名'
      const quoted = entry.support_id === null ? '' : `\n    the buyer quotes 买家编号 ${entry.support_id}`
      return `WeChat refused 微信拒绝 ${entry.op} (HTTP ${entry.status}${trust}${often})\n    ${saidText(entry.wechat)}${quoted}`
    }
    case 'notification':
      return `notification 收到通知 ${entry.event_type} ${entry.id} (${entry.outcome})`
    case 'event':
      return `event 事件 ${entry.type} ${entry.id}`
    case 'delivery': {
      const why = [entry.last_status === null ? '' : `HTTP ${entry.last_status}`, entry.last_error ?? ''].filter(Boolean).join(' ')
      return `delivery 推送 ${entry.event_id} → ${entry.endpoint_id}: ${entry.state}, ${entry.attempts} attempts 次${why && `, ${why}`}`
    }
    case 'incident': {
      const detail = Object.entries(entry.detail).map(([name, text]) => `\n    ${name}: ${text}`)
      return `incident 异常 ${entry.kind} (${entry.state})${detail.join('')}`
    }
  }
}

function saidText({ code, message, field, request_id }: WechatSaid): string {
  return [code, message, field && `field 字段 ${field}`, request_id && `Request-ID ${request_id}`].filter(Boolean).join(' · ')
}

/** Exact: fen are integers. */
export function yuan(fen: number): string {
  const text = String(Math.abs(fen)).padStart(3, '0')
  return `${fen < 0 ? '-' : ''}¥${text.slice(0, -2)}.${text.slice(-2)}`
}

const BEIJING_MS = 8 * 60 * 60 * 1000

/** Beijing keeps the same distance to UTC all year. */
export function beijing(time: string): string {
  return new Date(Date.parse(time) + BEIJING_MS).toISOString().slice(0, 19).replace('T', ' ')
}
