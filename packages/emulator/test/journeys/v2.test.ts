// One whole journey over v2 with our SDK: order, pay, be told, refund, be told, bills; and v3 sees the same bank (v2-protocol §13).

import { parseTradeBill } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import { clients } from '../client.ts'
import { aClientV2, V2_OK } from '../v2.ts'
import { aWorld, HOURS, SECONDS, type World } from '../world.ts'

function newestBody({ endpoint }: World): Uint8Array {
  return endpoint.received.at(-1)?.body ?? new Uint8Array()
}

test.each(['MD5', 'HMAC-SHA256'] as const)(
  'signed with %s: order, payment, notification, refund, notification, bills',
  async (signType) => {
    const world = await aWorld()
    world.endpoint.answer = () => new Response(V2_OK)
    const shop = aClientV2(world, signType)
    const { appid, users } = world.emulator.settings
    const openid = users[0]?.openid ?? ''
    const { prepay_id } = await shop.unifiedOrder({
      body: '拿铁, 大杯',
      out_trade_no: 'v2-journey-1',
      total_fee: 2800,
      spbill_create_ip: '127.0.0.1',
      notify_url: 'https://shop.test/paid',
      openid,
      attach: 'table=7',
    })
    expect(await shop.orderQuery({ out_trade_no: 'v2-journey-1' })).toMatchObject({ trade_state: 'NOTPAY', attach: 'table=7' })
    const fields = shop.requestPayment({ prepay_id })
    expect(world.emulator.cashier({ appId: appid, openid, ...fields })).toEqual({ errMsg: 'requestPayment:ok' })
    await world.emulator.deliverDue()

    const payment = shop.receivePayment(newestBody(world))
    expect(payment).toMatchObject({ out_trade_no: 'v2-journey-1', total_fee: 2800, cash_fee: 2800, openid, attach: 'table=7' })
    expect(payment.time_end).toBe('20261124100000')
    const { transaction_id } = payment
    expect(await shop.orderQuery({ transaction_id })).toMatchObject({ trade_state: 'SUCCESS', transaction_id, total_fee: 2800 })

    const refund = { transaction_id, out_refund_no: 'v2-journey-1@1', total_fee: 2800, refund_fee: 800 }
    const taken = await shop.refund({ ...refund, refund_desc: '少了一杯', notify_url: 'https://shop.test/refunded' })
    expect(taken).toMatchObject({ out_refund_no: 'v2-journey-1@1', refund_fee: 800 })
    await world.clock.advance(3 * SECONDS)
    expect(shop.receiveRefund(newestBody(world))).toMatchObject({
      appid,
      refund_id: taken.refund_id,
      refund_status: 'SUCCESS',
      refund_fee: 800,
      success_time: '2026-11-24 10:00:03',
    })
    expect(await shop.refundQuery({ out_refund_no: 'v2-journey-1@1' })).toMatchObject({
      refund_count: 1,
      refunds: [{ refund_status: 'SUCCESS', refund_fee: 800, refund_success_time: '2026-11-24 10:00:03' }],
    })
    expect(await shop.orderQuery({ transaction_id })).toMatchObject({ trade_state: 'REFUND' })
    expect(world.emulator.notifications()).toMatchObject([{ state: 'delivered' }, { state: 'delivered' }])

    await world.clock.advance(24 * HOURS)
    const bill = await shop.downloadBill({ bill_date: '20261124' })
    expect(parseTradeBill(bill.text).rows).toMatchObject([
      { trade_state: 'REFUND', out_refund_no: 'v2-journey-1@1', refund: 800 },
      { trade_state: 'SUCCESS', out_trade_no: 'v2-journey-1', total: 2800 },
    ])
    const flows = await shop.downloadFundFlow({ bill_date: '20261124', account_type: 'Basic', tar_type: 'GZIP' })
    expect(flows.table.rows).toHaveLength(3)
  },
)

test('what v2 ordered, v3 queries and refunds; what v3 ordered, v2 does', async () => {
  const world = await aWorld()
  const v3 = clients(world).shop
  const v2 = aClientV2(world, 'HMAC-SHA256')
  const { appid, mchid, users } = world.emulator.settings
  const openid = users[0]?.openid ?? ''
  const { prepay_id } = await v2.unifiedOrder({
    body: '一杯咖啡',
    out_trade_no: 'made-over-v2',
    total_fee: 100,
    spbill_create_ip: '::1',
    notify_url: 'https://shop.test/paid',
    openid,
  })
  world.emulator.cashier({ appId: appid, openid, ...v2.requestPayment({ prepay_id }) })
  expect(await v3.transactions.byOutTradeNo('made-over-v2')).toMatchObject({
    mchid,
    trade_state: 'SUCCESS',
    amount: { total: 100 },
  })
  await v3.refunds.create({ out_trade_no: 'made-over-v2', out_refund_no: 'over-v3', amount: { refund: 100, total: 100, currency: 'CNY' } })
  expect(await v2.refundQuery({ out_trade_no: 'made-over-v2' })).toMatchObject({ refunds: [{ out_refund_no: 'over-v3' }] })

  const order = { appid, description: '茶', out_trade_no: 'made-over-v3', notify_url: 'https://shop.test/paid', amount: { total: 50 } }
  const placed = await v3.transactions.jsapi({ ...order, payer: { openid } })
  world.emulator.cashier({ appId: appid, openid, ...(await v3.requestPayment({ appid, prepay_id: placed.prepay_id })) })
  expect(await v2.orderQuery({ out_trade_no: 'made-over-v3' })).toMatchObject({ trade_state: 'SUCCESS', total_fee: 50, openid })
  await v2.refund({ out_trade_no: 'made-over-v3', out_refund_no: 'over-v2', total_fee: 50, refund_fee: 50 })
  expect(await v3.refunds.query({ out_refund_no: 'over-v2' })).toMatchObject({ amount: { refund: 50 } })
})

test('a service provider orders for his sub-merchant, whose mini program pays', async () => {
  const world = await aWorld()
  world.endpoint.answer = () => new Response(V2_OK)
  const provider = aClientV2(world, 'MD5', 'partner')
  const { sub_appid, sub_mchid, sp_appid } = world.emulator.settings.sp
  const openids = world.emulator.settings.users[0]?.openids ?? {}
  const sub_openid = openids[sub_appid] ?? ''
  const sub = { sub_mch_id: sub_mchid, sub_appid }
  const { prepay_id } = await provider.unifiedOrder({
    ...sub,
    sub_openid,
    body: '一杯咖啡',
    out_trade_no: 'v2-partner-1',
    total_fee: 100,
    spbill_create_ip: '127.0.0.1',
    notify_url: 'https://shop.test/paid',
  })
  const fields = provider.requestPayment({ prepay_id, appid: sub_appid })
  expect(world.emulator.cashier({ appId: sub_appid, openid: sub_openid, ...fields })).toEqual({ errMsg: 'requestPayment:ok' })
  await world.emulator.deliverDue()
  expect(provider.receivePayment(newestBody(world))).toMatchObject({ ...sub, openid: openids[sp_appid], sub_openid })
  const key = { sub_mch_id: sub_mchid, out_trade_no: 'v2-partner-1' }
  expect(await provider.orderQuery(key)).toMatchObject({ trade_state: 'SUCCESS', ...sub })
  await provider.refund({
    ...key,
    out_refund_no: 'v2-partner-1-1',
    total_fee: 100,
    refund_fee: 100,
    notify_url: 'https://shop.test/refunded',
  })
  await world.clock.advance(3 * SECONDS)
  expect(provider.receiveRefund(newestBody(world))).toMatchObject({ ...sub, refund_status: 'SUCCESS' })
})
