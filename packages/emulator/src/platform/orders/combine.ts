// One combined order as WeChat keeps it, and its answer at a given moment (v3-endpoints §7, v3-notifications §7).

import { beijingTime } from '@cashdesk/protocol'
import type { CombineOrder, CombineSubOrder, CombineSubTransaction, CombineTransaction } from '@cashdesk/protocol/spec'
import type { Prepay } from './prepay.ts'
import type { Trade } from './trades.ts'

export interface Combine {
  /** The number that signed the order. */
  mchid: string
  body: CombineOrder
  /** The body with sorted keys. A repeated order is compared with it. */
  fingerprint: string
  created_at: number
  expires_at: number
  auto_close_at: number
  closed_at?: number
  /** Newest last. */
  prepays: Prepay[]
  /** The time of payment, epoch ms; absent until it is paid. All sub-orders are paid together. */
  paid_at?: number
  /** appid → openid of the user who paid. */
  openids?: Readonly<Record<string, string>>
}

export function combineStateOf(combine: Combine, now: number): 'SUCCESS' | 'CLOSED' | 'NOTPAY' {
  if (combine.paid_at !== undefined) return 'SUCCESS'
  return combine.closed_at !== undefined || now >= combine.auto_close_at ? 'CLOSED' : 'NOTPAY'
}

/** Who pays and in which mini program: the initiator's, or that of the one sub-order that names another. */
export function combinePayerOf({ combine_appid, combine_payer_info, sub_orders }: CombineOrder): { appid: string; openid: string } {
  const { openid, sub_openid } = combine_payer_info
  if (openid !== undefined) return { appid: combine_appid, openid }
  return { appid: sub_orders.find((sub) => sub.sub_appid)?.sub_appid ?? '', openid: sub_openid ?? '' }
}

/** The answer of a query: before the payment only numbers and state, afterwards all fields. */
export function combineTransactionOf(
  combine: Combine,
  tradeOf: (out_trade_no: string) => Trade | undefined,
  now: number,
): CombineTransaction {
  const { body, paid_at, openids = {} } = combine
  const { combine_appid, combine_mchid, combine_out_trade_no } = body
  const trade_state = combineStateOf(combine, now)
  const openid = openids[combine_appid] ?? body.combine_payer_info.openid
  return {
    combine_appid,
    combine_mchid,
    combine_out_trade_no,
    ...(paid_at !== undefined && { combine_payer_info: { openid } }),
    ...(body.scene_info?.device_id !== undefined && { scene_info: { device_id: body.scene_info.device_id } }),
    sub_orders: body.sub_orders.map((sub) => {
      const trade = tradeOf(sub.out_trade_no)
      return { ...numbersOf(sub), trade_state, ...(trade && paidPart(sub, trade, openids)) }
    }),
  }
}

function numbersOf({
  mchid,
  sub_mchid,
  out_trade_no,
}: CombineSubOrder): Pick<CombineSubTransaction, 'mchid' | 'sub_mchid' | 'out_trade_no'> {
  return { mchid, ...(sub_mchid !== undefined && { sub_mchid }), out_trade_no }
}

/** Amounts have other field names than those of single orders. */
function paidPart({ attach, sub_appid }: CombineSubOrder, trade: Trade, openids: Readonly<Record<string, string>>) {
  return {
    ...(sub_appid !== undefined && { sub_appid, sub_openid: openids[sub_appid] }),
    transaction_id: trade.transaction_id,
    trade_type: 'JSAPI',
    bank_type: trade.bank_type,
    attach,
    success_time: beijingTime(trade.paid_at),
    amount: { total_amount: trade.total, payer_amount: trade.total, currency: 'CNY', payer_currency: 'CNY' },
  }
}
