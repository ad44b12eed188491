// Direct orders: place, place again, query, close (v3-endpoints §1, v3-endpoints §2, v3-endpoints §3, v3-endpoints §1.2, v3-protocol §1, §2, §12, §13).

import { beijingTime } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import { anOrder, aWorld, HOURS, JSAPI, MINUTES, pay, place, query, type World } from '../../world.ts'

const order = (world: World, more: Record<string, unknown> = {}) => world.shop.call('POST', JSAPI, anOrder(world, more))
const close = (world: World, out_trade_no = 'order-0001') =>
  world.shop.call('POST', `/v3/pay/transactions/out-trade-no/${out_trade_no}/close`, { mchid: world.emulator.settings.mchid })

const DAYS = 24 * HOURS
const REENTERED = { status: 400, body: { code: 'INVALID_REQUEST', message: '请求重入时，参数与首次请求时不一致' } }

test('the same order again gives the same prepay_id, whatever the order of its fields', async () => {
  const world = await aWorld()
  const first = await order(world)
  const reversed = Object.fromEntries(Object.entries(anOrder(world)).reverse())
  expect(await world.shop.call('POST', JSAPI, reversed)).toMatchObject({ status: 200, body: first.body })
})

test('after two hours the same order gives another prepay_id', async () => {
  const world = await aWorld()
  const first = await order(world)
  await world.clock.advance(2 * HOURS)
  const second = await order(world)
  expect(second).toMatchObject({ status: 200, body: { prepay_id: expect.any(String) } })
  expect(second.body['prepay_id']).not.toBe(first.body['prepay_id'])
})

test('the same number with other parameters is refused', async () => {
  const world = await aWorld()
  await order(world)
  expect(await order(world, { amount: { total: 101 } })).toMatchObject(REENTERED)
  expect(await order(world, { notify_url: 'https://shop.test/other' })).toMatchObject(REENTERED)
})

test('a paid order cannot be placed again', async () => {
  const world = await aWorld()
  await pay(world)
  expect(await order(world)).toMatchObject({ status: 400, body: { code: 'ORDERPAID', message: '该订单已支付' } })
})

test('a closed order and an expired one cannot be placed again', async () => {
  const world = await aWorld()
  await order(world)
  await close(world)
  expect(await order(world)).toMatchObject({ status: 400, body: { code: 'ORDER_CLOSED', message: '订单已关闭' } })
  const expiring = { out_trade_no: 'order-0002', time_expire: beijingTime(world.clock.now() + 5 * MINUTES) }
  await order(world, expiring)
  await world.clock.advance(5 * MINUTES)
  expect(await order(world, expiring)).toMatchObject({ status: 400, body: { code: 'ORDER_CLOSED', message: '该订单已失效' } })
})

test('a time_expire in the past counts as one minute, one after 15 days as 15 days', async () => {
  const world = await aWorld()
  const early = { time_expire: beijingTime(world.clock.now() - HOURS) }
  await order(world, early)
  await world.clock.advance(MINUTES - 1)
  expect(await order(world, early)).toMatchObject({ status: 200 })
  await world.clock.advance(1)
  expect(await order(world, early)).toMatchObject({ status: 400, body: { code: 'ORDER_CLOSED' } })
})

test('the appid must be bound, and the openid must belong to it', async () => {
  const world = await aWorld()
  const { sp, users } = world.emulator.settings
  expect(await order(world, { appid: sp.sp_appid })).toMatchObject({
    status: 400,
    body: { code: 'APPID_MCHID_NOT_MATCH', message: 'appid和mch_id不匹配，请检查后再试' },
  })
  expect(await order(world, { payer: { openid: users[0]?.openids[sp.sub_appid] } })).toMatchObject({
    status: 400,
    body: { code: 'PARAM_ERROR', message: 'appid与openid不匹配' },
    why: '/payer/openid: not an openid of this appid',
  })
  expect(await order(world, { payer: { openid: 'oNobody' } })).toMatchObject({
    status: 400,
    body: { code: 'PARAM_ERROR', message: '无效的openid' },
  })
})

test('the mchid in the body must be the one that signed', async () => {
  const world = await aWorld()
  expect(await order(world, { mchid: '1900000009' })).toMatchObject({
    status: 400,
    body: { code: 'PARAM_ERROR', message: 'http header中的mchid与post payload中的mchid不匹配' },
    why: '/mchid: not the mchid that signed',
  })
})

test('a query of an unpaid order says NOTPAY and nothing of a payment', async () => {
  const world = await aWorld()
  await order(world, { attach: 'a=1' })
  const { body, status } = world.shop.verified(await query(world))
  const { appid, mchid } = world.emulator.settings
  expect(status).toBe(200)
  expect(body).toEqual({
    appid,
    mchid,
    out_trade_no: 'order-0001',
    trade_state: 'NOTPAY',
    trade_state_desc: '订单未支付',
    attach: 'a=1',
    amount: { total: 100, payer_currency: 'CNY' },
    promotion_detail: [],
    scene_info: { device_id: '' },
  })
})

test('a paid order says the same by either number', async () => {
  const world = await aWorld()
  await pay(world)
  const { mchid, users } = world.emulator.settings
  const byOurs = await query(world)
  expect(byOurs.body).toMatchObject({
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    trade_type: 'JSAPI',
    transaction_id: expect.stringMatching(/^42\d{26}$/),
    success_time: '2026-11-24T10:00:00+08:00',
    payer: { openid: users[0]?.openid },
    amount: { total: 100, payer_total: 100, currency: 'CNY', payer_currency: 'CNY' },
  })
  const byTheirs = await world.shop.call('GET', `/v3/pay/transactions/id/${byOurs.body['transaction_id']}?mchid=${mchid}`)
  expect(byTheirs.body).toEqual(byOurs.body)
})

test('an order that does not exist, or is another merchant’s, is 404', async () => {
  const world = await aWorld()
  const notFound = { status: 404, body: { code: 'ORDER_NOT_EXIST', message: '订单不存在' } }
  expect(await query(world)).toMatchObject(notFound)
  const { sp_mchid } = world.emulator.settings.sp
  await order(world)
  expect(await world.provider.call('GET', `/v3/pay/transactions/out-trade-no/order-0001?mchid=${sp_mchid}`)).toMatchObject(notFound)
})

test('closing answers 204 signed over an empty body, again and again', async () => {
  const world = await aWorld()
  await order(world)
  expect(world.shop.verified(await close(world))).toMatchObject({ status: 204, text: '' })
  expect(await close(world)).toMatchObject({ status: 204 })
  expect((await query(world)).body).toMatchObject({ trade_state: 'CLOSED', trade_state_desc: '订单已关闭' })
})

test('a paid order cannot be closed', async () => {
  const world = await aWorld()
  await pay(world)
  expect(await close(world)).toMatchObject({ status: 400, body: { code: 'ORDER_PAID', message: '该订单已支付' } })
})

test('closing a number before it was ordered burns it', async () => {
  const world = await aWorld()
  expect(await close(world)).toMatchObject({ status: 204 })
  expect(await order(world)).toMatchObject(REENTERED)
})

test('an unpaid order closes by itself after seven days', async () => {
  const world = await aWorld()
  await place(world)
  await world.clock.advance(7 * DAYS - 1)
  expect((await query(world)).body).toMatchObject({ trade_state: 'NOTPAY' })
  await world.clock.advance(1)
  expect((await query(world)).body).toMatchObject({ trade_state: 'CLOSED' })
})
