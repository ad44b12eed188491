// When a refund is refused, in WeChat's codes (v3-endpoints §4.3–4.4), and which money pays for it.

import type { RefundRequest } from '@cashdesk/protocol/spec'
import type { Behaviour } from '../behaviour.ts'
import type { Balance } from '../ledger.ts'
import type { Trade } from '../orders/trades.ts'
import { invalidRequest, Refusal } from '../refusal.ts'
import type { RefundRecord } from './refund.ts'

const WINDOW_MS = 365 * 24 * 60 * 60 * 1000
const PARTS_MAX = 50

export interface RefundCase {
  trade: Trade
  /** The newest refund of the same order. */
  last: RefundRecord | undefined
  balance: Balance
  behaviour: Behaviour
  now: number
}

/** Checks the refund. @throws Refusal */
export function checkRefund({ trade, last, behaviour, now }: RefundCase, { amount }: Pick<RefundRequest, 'amount'>): void {
  if (amount.total !== trade.total) throw invalidRequest('订单金额与支付金额不一致，请核实后再试')
  if (now - trade.paid_at > WINDOW_MS) throw new Refusal(403, 'TRADE_OVERDUE', '订单已经超过可退款的最大期限(支付后一年内可退款)')
  if (trade.refunded >= trade.total) throw invalidRequest('订单已全额退款')
  if (trade.refunded + amount.refund > trade.total) throw invalidRequest('累计退款金额大于支付金额')
  if (trade.refund_ids.length >= PARTS_MAX) throw invalidRequest('部分退款次数已达上限')
  if (last && now - last.created_at < behaviour.refund_interval_ms) {
    throw new Refusal(429, 'FREQUENCY_LIMITED', '请求频率超过限制', { internal: 268447840 })
  }
}

/** Fen of the fee that are returned. It is rounded over all refunds together, so that a full refund returns the whole fee, however it is split. */
export function feeBack(trade: Trade, refund: number): number {
  return Math.floor((2 * trade.fee * (trade.refunded + refund) + trade.total) / (2 * trade.total)) - trade.fee_returned
}

/** Takes frozen money first, unless the request says how much comes from where. @throws Refusal NOT_ENOUGH */
export function takeMoney(
  { trade, balance }: RefundCase,
  { amount }: Pick<RefundRequest, 'amount'>,
  fee: number,
): { available: number; frozen: number } {
  const cost = amount.refund - fee
  const asked = amount.from?.reduce((sum, part) => sum + (part.account === 'UNAVAILABLE' ? part.amount : 0), 0)
  const frozen = Math.min(asked ?? trade.frozen, cost)
  const available = cost - frozen
  if (frozen > trade.frozen || available > balance.available) {
    throw new Refusal(403, 'NOT_ENOUGH', '基本账户余额不足，请充值后重新发起')
  }
  return { available, frozen }
}
