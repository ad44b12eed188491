// Combined orders: paid all or nothing, asked for and closed as one (v3-endpoints §7).

import { expect, test } from 'vitest'
import { anOrder, aWorld, HOURS, JSAPI, newest, place, REFUNDS, type World } from '../../world.ts'

const COMBINE = '/v3/combine-transactions'
const sub = (world: World, n: number, more: Record<string, unknown> = {}) => ({
  mchid: world.emulator.settings.mchid,
  attach: `店铺${n}`,
  amount: { total_amount: 100 * n, currency: 'CNY' },
  out_trade_no: `sub-000${n}`,
  description: `商品${n}`,
  ...more,
})
const body = (world: World, more: Record<string, unknown> = {}) => ({
  combine_appid: world.emulator.settings.appid,
  combine_mchid: world.emulator.settings.mchid,
  combine_out_trade_no: 'combine-0001',
  sub_orders: [sub(world, 1), sub(world, 2)],
  combine_payer_info: { openid: world.emulator.settings.users[0]?.openid },
  notify_url: 'https://shop.test/combined',
  ...more,
})
const order = (world: World, more: Record<string, unknown> = {}) => world.shop.call('POST', `${COMBINE}/jsapi`, body(world, more))
const find = (world: World) => world.shop.call('GET', `${COMBINE}/out-trade-no/combine-0001`)
const close = (world: World, numbers: string[]) => {
  const { appid, mchid } = world.emulator.settings
  const sub_orders = numbers.map((out_trade_no) => ({ mchid, out_trade_no }))
  return world.shop.call('POST', `${COMBINE}/out-trade-no/combine-0001/close`, { combine_appid: appid, sub_orders })
}

async function pay(world: World, action?: 'cancel'): Promise<unknown> {
  const { appid, users } = world.emulator.settings
  const { body: answer } = await order(world)
  const fields = await world.shop.paymentFields(appid, String(answer['prepay_id']))
  return world.emulator.cashier({ appId: appid, openid: users[0]?.openid ?? '', ...fields, ...(action && { action }) })
}

test('one confirmation pays every sub-order, one notification tells of all', async () => {
  const world = await aWorld()
  expect(await pay(world)).toEqual({ errMsg: 'requestPayment:ok' })
  await world.emulator.deliverDue()
  expect(world.endpoint.received).toHaveLength(1)
  const { envelope, resource } = newest(world, world.shop)
  expect(envelope).toMatchObject({ event_type: 'TRANSACTION.SUCCESS', resource: { original_type: 'transaction' } })
  expect(resource).toMatchObject({
    combine_out_trade_no: 'combine-0001',
    sub_orders: [
      { out_trade_no: 'sub-0001', trade_state: 'SUCCESS', attach: '店铺1', amount: { total_amount: 100, payer_amount: 100 } },
      { out_trade_no: 'sub-0002', trade_state: 'SUCCESS', amount: { total_amount: 200 } },
    ],
  })
  expect((await find(world)).body).toEqual(resource)
  expect(world.emulator.truth().ledger.map((entry) => entry.amount)).toMatchObject([{ total: 100 }, { total: 200 }])
})

test('before payment a query tells numbers and state only; cancelling pays nothing', async () => {
  const world = await aWorld()
  expect(await pay(world, 'cancel')).toEqual({ errMsg: 'requestPayment:fail cancel' })
  const { appid, mchid } = world.emulator.settings
  expect((await find(world)).body).toEqual({
    combine_appid: appid,
    combine_mchid: mchid,
    combine_out_trade_no: 'combine-0001',
    sub_orders: ['sub-0001', 'sub-0002'].map((out_trade_no) => ({ mchid, out_trade_no, trade_state: 'NOTPAY' })),
  })
  expect(world.emulator.truth().ledger).toEqual([])
})

test('close takes exactly the sub-orders that were ordered', async () => {
  const world = await aWorld()
  expect(await close(world, ['sub-0001'])).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', message: '合单订单不存在' } })
  await order(world)
  expect(await close(world, ['sub-0001'])).toMatchObject({
    status: 400,
    body: { code: 'INVALID_REQUEST', message: '关单的子单信息与下单时不一致' },
  })
  expect(await close(world, ['sub-0002', 'sub-0001'])).toMatchObject({ status: 204 })
  expect((await find(world)).body).toMatchObject({ sub_orders: [{ trade_state: 'CLOSED' }, { trade_state: 'CLOSED' }] })
  expect(await order(world)).toMatchObject({ status: 400, body: { code: 'ORDER_CLOSED', message: '订单已关闭' } })
})

test('a paid one can be neither closed nor placed again', async () => {
  const world = await aWorld()
  await pay(world)
  const paid = { status: 400, body: { code: 'INVALID_REQUEST', message: '该订单已支付' } }
  expect(await close(world, ['sub-0001', 'sub-0002'])).toMatchObject(paid)
  expect(await order(world)).toMatchObject(paid)
})

test('the same again gives the same prepay_id, other parameters are refused, 7 days are the most', async () => {
  const world = await aWorld()
  const time_expire = '2026-12-20T10:00:00+08:00'
  const first = await order(world, { time_expire })
  expect(await order(world, { time_expire })).toMatchObject({ status: 200, body: first.body })
  expect(await order(world)).toMatchObject({ status: 400, body: { message: '请求重入时，参数与首次请求时不一致' } })
  await world.clock.advance(7 * 24 * HOURS)
  expect(await order(world, { time_expire })).toMatchObject({ status: 400, body: { code: 'ORDER_CLOSED' } })
})

test('numbers belong to single orders or to sub-orders, never to both', async () => {
  const world = await aWorld()
  await place(world, { out_trade_no: 'sub-0001' })
  const used = { status: 403, body: { code: 'OUT_TRADE_NO_USED', message: '商户订单号重复' } }
  expect(await order(world)).toMatchObject(used)
  await order(world, { sub_orders: [sub(world, 3), sub(world, 4)] })
  expect(await world.shop.call('POST', JSAPI, anOrder(world, { out_trade_no: 'sub-0003' }))).toMatchObject(used)
  expect(await order(world, { combine_out_trade_no: 'combine-0002', sub_orders: [sub(world, 3)] })).toMatchObject(used)
})

test('single-order query and close are refused for sub-orders', async () => {
  const world = await aWorld()
  await pay(world)
  const { mchid } = world.emulator.settings
  const wrong = { status: 400, body: { code: 'INVALID_REQUEST', message: '合单支付的子单请使用合单接口' } }
  const [first] = world.emulator.truth().ledger
  const transaction_id = first?.kind === 'payment' ? first.transaction_id : ''
  const path = '/v3/pay/transactions'
  expect(await world.shop.call('GET', `${path}/out-trade-no/sub-0001?mchid=${mchid}`)).toMatchObject(wrong)
  expect(await world.shop.call('GET', `${path}/id/${transaction_id}?mchid=${mchid}`)).toMatchObject(wrong)
  expect(await world.shop.call('POST', `${path}/out-trade-no/sub-0001/close`, { mchid })).toMatchObject(wrong)
})

test('a refund is of one sub-order, by its own number', async () => {
  const world = await aWorld()
  await pay(world)
  const amount = { refund: 200, total: 200, currency: 'CNY' }
  const refund = (out_trade_no: string) => world.shop.call('POST', REFUNDS, { out_trade_no, out_refund_no: 'refund-1', amount })
  expect(await refund('combine-0001')).toMatchObject({ status: 404, body: { code: 'RESOURCE_NOT_EXISTS', message: '订单不存在' } })
  expect(await refund('sub-0002')).toMatchObject({ status: 200, body: { out_trade_no: 'sub-0002' } })
  expect((await find(world)).body).toMatchObject({ sub_orders: [{ trade_state: 'SUCCESS' }, { trade_state: 'SUCCESS' }] })
})

test('a sub-order is ten million yuan at most', async () => {
  const world = await aWorld()
  const of = (total_amount: number) =>
    order(world, { sub_orders: [sub(world, 1, { amount: { total_amount, currency: 'CNY' } }), sub(world, 2)] })
  expect(await of(1_000_000_001)).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR' } })
  expect(await of(1_000_000_000)).toMatchObject({ status: 200 })
})

test('errors have the old spelling', async () => {
  const world = await aWorld()
  expect(await find(world)).toMatchObject({ status: 404, body: { code: 'ORDERNOTEXIST', message: '订单不存在' } })
  world.emulator.faults.add({ fault: 'answer.http_500' })
  expect(await order(world)).toMatchObject({ status: 500, body: { code: 'SYSTEMERROR' } })
  const asked = { combine_out_trade_no: 'combine-0002', sub_orders: [sub(world, 5, { description: 'sentinel:RULELIMIT' })] }
  expect(await order(world, asked)).toMatchObject({ status: 403, body: { code: 'RULELIMIT', message: '业务规则限制' } })
})

test('a provider names the sub-merchant of each, and the mini program of one may pay', async () => {
  const world = await aWorld()
  const { sp } = world.emulator.settings
  const users = world.emulator.settings.users
  const one = (more: Record<string, unknown>) => sub(world, 1, { mchid: sp.sp_mchid, ...more })
  const request = (subOrder: unknown, payer: Record<string, unknown>) =>
    world.provider.call('POST', `${COMBINE}/jsapi`, {
      ...body(world),
      combine_appid: sp.sp_appid,
      combine_mchid: sp.sp_mchid,
      sub_orders: [subOrder],
      combine_payer_info: payer,
    })
  const sub_openid = users[0]?.openids[sp.sub_appid]
  expect(await request(one({}), { openid: users[0]?.openids[sp.sp_appid] })).toMatchObject({
    body: { message: '受理机构必须传入sub_mch_id' },
  })
  expect(await request(one({ sub_mchid: sp.sub_mchid }), { sub_openid })).toMatchObject({
    body: { message: '传入sub_openid时必须传入sub_appid' },
  })
  const { body: answer } = await request(one({ sub_mchid: sp.sub_mchid, sub_appid: sp.sub_appid }), { sub_openid })
  const fields = await world.provider.paymentFields(sp.sub_appid, String(answer['prepay_id']))
  expect(world.emulator.cashier({ appId: sp.sub_appid, openid: sub_openid ?? '', ...fields })).toEqual({ errMsg: 'requestPayment:ok' })
  await world.emulator.deliverDue()
  expect(newest(world, world.provider).resource).toMatchObject({ sub_orders: [{ sub_mchid: sp.sub_mchid, sub_appid: sp.sub_appid }] })
})
