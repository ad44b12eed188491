// One whole journey with our SDK: order, pay, refund, be told, and find it all in the next day's bills.

import { billText } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import { clients, received } from '../client.ts'
import { aWorld, HOURS, SECONDS } from '../world.ts'

test('order, payment, partial refund, notification, trade bill, fund-flow bill', async () => {
  const world = await aWorld()
  const { shop } = clients(world)
  const { appid, users } = world.emulator.settings
  const openid = users[0]?.openid ?? ''
  const { prepay_id } = await shop.transactions.jsapi({
    appid,
    description: '拿铁, 大杯',
    out_trade_no: 'journey-0001',
    notify_url: 'https://shop.test/paid',
    amount: { total: 2800 },
    payer: { openid },
  })
  const fields = await shop.requestPayment({ appid, prepay_id })
  expect(world.emulator.cashier({ appId: appid, openid, ...fields })).toEqual({ errMsg: 'requestPayment:ok' })
  await world.emulator.deliverDue()
  expect(await received(world, shop)).toMatchObject({ kind: 'payment', transaction: { trade_state: 'SUCCESS' } })

  await shop.refunds.create({
    out_trade_no: 'journey-0001',
    out_refund_no: 'journey-0001-1',
    notify_url: 'https://shop.test/refunded',
    amount: { refund: 800, total: 2800, currency: 'CNY' },
  })
  await world.clock.advance(3 * SECONDS)
  expect(await received(world, shop)).toMatchObject({ kind: 'refund', refund: { refund_status: 'SUCCESS', amount: { refund: 800 } } })
  expect(await shop.refunds.query({ out_refund_no: 'journey-0001-1' })).toMatchObject({ status: 'SUCCESS' })

  await world.clock.advance(24 * HOURS)
  const trade = await shop.bills.trade({ bill_date: '2026-11-24' })
  expect(trade.summary).toEqual({
    count: 2,
    settlement_total: 2800,
    refund_total: 800,
    coupon_refund_total: 0,
    fee_millifen: 12_000,
    total: 2800,
    applied_refund_total: 800,
  })
  expect(trade.rows).toMatchObject([
    { trade_state: 'REFUND', out_refund_no: 'journey-0001-1', refund: 800, refund_status: 'SUCCESS', fee_millifen: -5000 },
    { trade_state: 'SUCCESS', total: 2800, description: billText('拿铁, 大杯'), openid, fee_millifen: 17_000, rate: '0.60%' },
  ])
  expect((await shop.bills.fundFlow({ bill_date: '2026-11-24', tar_type: 'GZIP' })).rows).toMatchObject([
    { direction: 'in', amount: 2800, balance: 2800, business_name: '交易' },
    { direction: 'out', amount: 17, balance: 2783, business_name: '扣除交易手续费' },
    { direction: 'out', amount: 795, balance: 1988, business_name: '退款' },
  ])
})
