// A combined order with our SDK: one payment for two sub-orders, a refund of one, and both in the trade bill.

import { expect, test } from 'vitest'
import { clients, received } from '../client.ts'
import { aWorld, HOURS } from '../world.ts'

test('order, payment, notification, query, refund of one sub-order, bill', async () => {
  const world = await aWorld()
  const { shop } = clients(world)
  const { appid, mchid, users } = world.emulator.settings
  const openid = users[0]?.openid ?? ''
  const sub_orders = [300, 500].map((total_amount, index) => ({
    mchid,
    attach: 'shop',
    amount: { total_amount, currency: 'CNY' as const },
    out_trade_no: `journey-sub-${index}`,
    description: '合单商品',
  }))
  const { prepay_id } = await shop.combine.jsapi({
    combine_appid: appid,
    combine_out_trade_no: 'journey-combine',
    sub_orders,
    combine_payer_info: { openid },
    notify_url: 'https://shop.test/combined',
  })
  const fields = await shop.requestPayment({ appid, prepay_id })
  expect(world.emulator.cashier({ appId: appid, openid, ...fields })).toEqual({ errMsg: 'requestPayment:ok' })
  await world.emulator.deliverDue()
  expect(await received(world, shop)).toMatchObject({ kind: 'combine', transaction: { combine_out_trade_no: 'journey-combine' } })
  const { sub_orders: paid } = await shop.combine.byOutTradeNo('journey-combine')
  expect(paid.map((sub) => sub.trade_state)).toEqual(['SUCCESS', 'SUCCESS'])

  const refund = { refund: 500, total: 500, currency: 'CNY' as const }
  await shop.refunds.create({ transaction_id: paid[1]?.transaction_id, out_refund_no: 'journey-refund', amount: refund })
  await world.clock.advance(24 * HOURS)
  const { summary } = await shop.bills.trade({ bill_date: '2026-11-24' })
  expect(summary).toMatchObject({ count: 3, total: 800, refund_total: 500 })
})
