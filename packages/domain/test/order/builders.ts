// Builders for readable tests: an order in a state, and facts about it.

import type { DirectTransaction, PartnerTransaction, TradeState } from '@cashdesk/protocol/spec'
import { type Order, place } from '../../src/index.ts'

export const NOW = Date.parse('2026-11-24T10:00:00Z')
export const HOUR = 3_600_000

export function anOrder(change: Partial<Order> = {}): Order {
  const placed = place(
    {
      merchant: 'shop',
      recipient: { mchid: '1900000001', sub_mchid: null },
      out_trade_no: 'ORDER0001',
      reference: null,
      description: '拿铁',
      amount: { total: 100, currency: 'CNY' },
      attach: null,
      metadata: null,
      payer: { appid: 'wx-shop', openid: 'o-user' },
      expires_at: NOW + 2 * HOUR,
    },
    NOW,
  )
  return { ...placed, ...change }
}

export function aPendingOrder(change: Partial<Order> = {}): Order {
  return anOrder({ state: 'pending', request: '{}', prepay_id: 'wx1', prepay_expires_at: NOW + HOUR, ...change })
}

export function aFact(trade_state: TradeState, change: Partial<DirectTransaction> = {}): DirectTransaction {
  const paid = trade_state === 'SUCCESS' || trade_state === 'REFUND'
  return {
    appid: 'wx-shop',
    mchid: '1900000001',
    out_trade_no: 'ORDER0001',
    trade_state,
    trade_state_desc: '',
    ...(paid && {
      transaction_id: '4200000001',
      success_time: '2026-11-24T18:05:00+08:00',
      payer: { openid: 'o-user' },
      amount: { total: 100, payer_total: 100, currency: 'CNY' },
    }),
    ...change,
  }
}

export function aPartnerFact(change: Partial<PartnerTransaction> = {}): PartnerTransaction {
  return {
    sp_appid: 'wx-sp',
    sp_mchid: '1900000001',
    sub_mchid: '1900000009',
    sub_appid: 'wx-shop',
    out_trade_no: 'ORDER0001',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    transaction_id: '4200000001',
    success_time: '2026-11-24T18:05:00+08:00',
    payer: { sp_openid: 'o-under-sp', sub_openid: 'o-user' },
    amount: { total: 100, payer_total: 100, currency: 'CNY' },
    ...change,
  }
}
