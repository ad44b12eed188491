// An order to put into a store, and what one step makes of it.

import { type Order, place } from '@cashdesk/domain'

export const NOW = 1_795_514_400_000

export function anOrder(change: Partial<Order> = {}): Order {
  const placed = place(
    {
      merchant: 'shop',
      recipient: { mchid: '1900000001', sub_mchid: null },
      out_trade_no: 'ORDER-0001',
      reference: null,
      description: '拿铁',
      amount: { total: 100, currency: 'CNY' },
      attach: '附加',
      metadata: { table: '7' },
      payer: { appid: 'wx', openid: 'o' },
      expires_at: NOW + 7_200_000,
    },
    NOW,
  )
  return { ...placed, ...change }
}

/** What one step makes of an order. */
export const becomes = (order: Order, change: Partial<Order>, events: ('order.paid' | 'order.closed' | 'order.failed')[] = []) => ({
  order: { ...order, ...change },
  events,
  incidents: [],
})

export const ordering = { state: 'ordering', request: '{}', attempts: 1 } as const
export const pending = { state: 'pending', prepay_id: 'wx1', prepay_expires_at: NOW + 1, attempts: 0 } as const
export const paid = { state: 'paid', transaction_id: '42', paid_at: NOW, payer_total: 100, next_check_at: null } as const
