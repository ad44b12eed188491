// All payments, of single and combined orders. Refunds, profit sharing and bills start from them.

import type { Journal } from '../kept/journal.ts'
import type { Part } from '../kept/part.ts'
import { invalidRequest } from '../refusal.ts'

export interface Trade {
  /** The number that signed the order. */
  mchid: string
  sub_mchid?: string
  sub_appid?: string
  /** A mini program bound to the number that signed. */
  appid: string
  out_trade_no: string
  transaction_id: string
  combine_out_trade_no?: string
  description: string
  attach?: string
  device_id?: string
  /** The payer's openid under the mini program in which the user paid. */
  openid: string
  bank_type: string
  paid_at: number
  total: number
  fee: number
  /** The fee at the time of payment, in ten-thousandths. */
  fee_rate: number
  /** Whether the money was frozen for profit sharing. */
  profit_sharing: boolean
  /** Fen that are still frozen. */
  frozen: number
  /** Fen shared so far. A return does not reduce it (v3-endpoints §6). */
  shared: number
  share_requests: number
  /** The rest was unfrozen, so no more shares are possible. */
  unfrozen: boolean
  /** refund_id of each refund, oldest first. */
  refund_ids: string[]
  /** Fen in refunds, without those that were closed. */
  refunded: number
  fee_returned: number
}

export interface Trades extends Part<readonly Trade[]> {
  add(trade: Trade): void
  /** Must be called after a refund or a share changed the trade, so that the change is kept. */
  changed(trade: Trade): void
  find(mchid: string, number: { transaction_id?: string | undefined; out_trade_no?: string | undefined }): Trade | undefined
  findByTransactionId(transaction_id: string): Trade | undefined
  all(): readonly Trade[]
}

export function createTrades(journal: Journal): Trades {
  const byTransactionId = new Map<string, Trade>()
  const byOutTradeNo = new Map<string, Trade>()
  const add = (trade: Trade): void => {
    byTransactionId.set(trade.transaction_id, trade)
    byOutTradeNo.set(`${trade.mchid}/${trade.out_trade_no}`, trade)
    journal.put('trades', trade)
  }
  const reset = (): void => {
    byTransactionId.clear()
    byOutTradeNo.clear()
  }
  return {
    add,
    changed: (trade) => journal.put('trades', trade),
    find(mchid, { transaction_id, out_trade_no }) {
      if (transaction_id === undefined) return byOutTradeNo.get(`${mchid}/${out_trade_no}`)
      const trade = byTransactionId.get(transaction_id)
      return trade?.mchid === mchid ? trade : undefined
    },
    findByTransactionId: (transaction_id) => byTransactionId.get(transaction_id),
    all: () => [...byTransactionId.values()],
    save: () => [...byTransactionId.values()],
    restore(trades) {
      reset()
      for (const trade of trades) add(trade)
    },
    reset,
  }
}

/** The number that the money belongs to: the sub-merchant's when there is one, otherwise the merchant's. */
export function ownerOf(trade: { mchid: string; sub_mchid?: string | undefined }): string {
  return trade.sub_mchid ?? trade.mchid
}

/** Checks that the order belongs to this sub-merchant (v3-protocol §11, 268447845). @throws Refusal */
export function checkSameSubMerchant(trade: Trade, sub_mchid: string | undefined): void {
  if (trade.sub_mchid !== sub_mchid) throw invalidRequest('子商户号和订单信息不匹配', 268447845)
}
