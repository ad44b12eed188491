// A database with a bit of everything in it: two paid orders, an open one, refunds, events on their way.

import type { Store } from '../src/index.ts'
import { anOrder, becomes, NOW, ordering, paid } from './builders.ts'

export async function seed(store: Store): Promise<void> {
  const api = { source: 'api' } as const
  await store.transaction(async (tx) => {
    await tx.webhooks.insertEndpoint({
      id: 'we',
      merchant: 'shop',
      url: 'https://x',
      secret: 's',
      secret_before: null,
      secret_before_until: null,
      disabled_at: null,
      created_at: NOW,
    })
    for (const out_trade_no of ['ORDER-0001', 'ORDER-0002']) {
      const placed = anOrder({ out_trade_no, reference: out_trade_no })
      await tx.orders.insert(placed, null, api)
      const one = await tx.orders.record(placed, becomes(placed, ordering), api, NOW)
      await tx.orders.record(one, becomes(one, { ...paid, transaction_id: `T-${out_trade_no}` }, ['order.paid']), api, NOW)
    }
    await tx.orders.insert(anOrder({ out_trade_no: 'ORDER-0003' }), null, api)
    const base = {
      merchant: 'shop',
      out_trade_no: 'ORDER-0001',
      currency: 'CNY',
      reason: null,
      version: 1,
      request: '{}',
      source: 'api',
      attempts: 0,
      refund_id: null,
      succeeded_at: null,
      received_account: null,
      failure: null,
      next_check_at: NOW,
      created_at: NOW,
      updated_at: NOW,
      state: 'requested',
    } as const
    await tx.refunds.insert({ ...base, out_refund_no: 'R-1', amount: 10 }, '1900000001', api)
    await tx.refunds.insert({ ...base, out_refund_no: 'R-2', amount: 20 }, '1900000001', api)
    const refund = await tx.refunds.lock('shop', 'R-2')
    if (refund)
      await tx.refunds.record(
        refund,
        {
          refund: { ...refund, state: 'succeeded', refund_id: '5', succeeded_at: NOW, next_check_at: null },
          events: ['refund.succeeded'],
          incidents: [],
        },
        api,
        NOW,
      )
  })
}
