// When a share or a return is refused, in WeChat's codes and texts (v3-endpoints §6).

import type { ShareRequest, ShareReturnRequest } from '@cashdesk/protocol/spec'
import type { Behaviour } from '../behaviour.ts'
import type { Trade } from '../orders/trades.ts'
import { invalidRequest, Refusal } from '../refusal.ts'
import type { ReturnRecord, ShareRecord } from './share.ts'

const MINUTE_MS = 60 * 1000
const DAY_MS = 24 * 60 * MINUTE_MS
const REQUESTS_MAX = 50
const RETURN_WINDOW_MS = 180 * DAY_MS
export const AUTO_UNFREEZE_MS: number = 30 * DAY_MS

/** Checks a share. @throws Refusal */
export function checkShare(
  trade: Trade,
  { receivers }: ShareRequest,
  related: (receiver: ShareRequest['receivers'][number]) => boolean,
  { share_ratio_max }: Behaviour,
  now: number,
): void {
  if (!trade.profit_sharing) throw invalidRequest('非分账订单不支持分账')
  if (now - trade.paid_at < MINUTE_MS) throw invalidRequest('订单处理中，请稍后重试')
  if (trade.unfrozen) throw invalidRequest('订单已完结分账，不支持分账')
  if (trade.refunded >= trade.total) throw invalidRequest('订单已全额退款，不支持分账')
  if (trade.share_requests >= REQUESTS_MAX) throw new Refusal(403, 'RULE_LIMIT', '分账次数超出限制')
  if (!receivers.every(related)) throw invalidRequest('分账接收方关系不存在')
  const amount = receivers.reduce((sum, receiver) => sum + receiver.amount, 0)
  // The ratio applies to all shares of the order together, and returns do not reduce them.
  if ((trade.shared + amount) * 10_000 > trade.total * share_ratio_max) throw new Refusal(403, 'RULE_LIMIT', '分账金额超出最大分账比例')
  if (amount > trade.frozen) throw new Refusal(403, 'NOT_ENOUGH', '分账金额不足')
}

/** Checks an unfreeze. @throws Refusal */
export function checkUnfreeze(trade: Trade): void {
  if (!trade.profit_sharing) throw invalidRequest('非分账订单不支持分账')
  if (trade.unfrozen || trade.frozen === 0) throw new Refusal(403, 'NOT_ENOUGH', '分账金额为0')
}

/** Checks a return. `canReturn`: whether that merchant may return shares. @throws Refusal */
export function checkReturn(
  share: ShareRecord,
  { return_mchid, amount }: ShareReturnRequest,
  returned: readonly ReturnRecord[],
  canReturn: boolean,
  now: number,
): void {
  if (!canReturn) throw new Refusal(403, 'NO_AUTH', '回退方未开通分账回退功能')
  if (now - share.created_at > RETURN_WINDOW_MS) throw invalidRequest('分账已超过可回退的最大期限(180天)')
  const got = share.receivers.reduce((sum, { type, account, result, amount: part, detail_id }) => {
    const shared = detail_id === undefined || detail_id !== share.rest
    return shared && type === 'MERCHANT_ID' && account === return_mchid && result === 'SUCCESS' ? sum + part : sum
  }, 0)
  const gone = returned.reduce((sum, record) => {
    return record.return_mchid === return_mchid && record.result !== 'FAILED' ? sum + record.amount : sum
  }, 0)
  if (gone + amount > got) throw invalidRequest('回退金额超过可回退金额')
}

export function recordNotExists(): Refusal {
  return new Refusal(404, 'RESOURCE_NOT_EXISTS', '记录不存在')
}
