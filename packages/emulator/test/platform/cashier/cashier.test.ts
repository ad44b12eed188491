// The cashier: checks in WeChat's order, real texts, and money in the ledger only when it was paid (miniprogram-client-api §10, v3-protocol §3, v3-endpoints §1.2).

import { beijingTime } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import type { CashierInput } from '../../../src/index.ts'
import { aWorld, HOURS, MINUTES, place, query, type World } from '../../world.ts'

async function aTap(world: World, more: Partial<CashierInput> = {}, order: Record<string, unknown> = {}): Promise<CashierInput> {
  const { appid, users } = world.emulator.settings
  const fields = await world.shop.paymentFields(appid, await place(world, order))
  return { appId: appid, openid: users[0]?.openid ?? '', ...fields, ...more }
}

test('paying answers ok, books the money and makes the order SUCCESS', async () => {
  const world = await aWorld()
  expect(world.emulator.cashier(await aTap(world))).toEqual({ errMsg: 'requestPayment:ok' })
  const { appid, mchid, users } = world.emulator.settings
  expect(world.emulator.truth().ledger).toEqual([
    {
      seq: 1,
      kind: 'payment',
      time: '2026-11-24T10:00:00+08:00',
      mchid,
      appid,
      openid: users[0]?.openid,
      out_trade_no: 'order-0001',
      transaction_id: expect.stringMatching(/^42\d{26}$/),
      amount: { total: 100, currency: 'CNY' },
      fee: 1,
      movements: [{ owner: mchid, account: 'BASIC', available: 99, frozen: 0 }],
    },
  ])
  expect((await query(world)).body).toMatchObject({ trade_state: 'SUCCESS' })
})

test('cancelling and failing pay nothing and leave the order payable', async () => {
  const world = await aWorld()
  const tap = await aTap(world)
  expect(world.emulator.cashier({ ...tap, action: 'cancel' })).toEqual({ errMsg: 'requestPayment:fail cancel' })
  expect(world.emulator.cashier({ ...tap, action: 'fail' })).toEqual({ errMsg: 'requestPayment:fail 支付失败' })
  expect(world.emulator.truth().ledger).toEqual([])
  expect(world.emulator.notifications()).toEqual([])
  expect(world.emulator.cashier(tap)).toEqual({ errMsg: 'requestPayment:ok' })
})

const TOTAL_FEE = 'requestPayment:fail:调用支付JSAPI缺少参数: total_fee'
const BAD_SIGN = { errMsg: 'requestPayment:fail', err_code: 2, err_desc: '支付验证签名失败' }

test.each<[string, Partial<CashierInput>, Record<string, unknown>]>([
  [
    'a number as timeStamp',
    { timeStamp: 1 },
    { errMsg: 'requestPayment:fail parameter error: parameter.timeStamp should be String instead of Number;' },
  ],
  [
    'no paySign',
    { paySign: undefined },
    { errMsg: 'requestPayment:fail parameter error: parameter.paySign should be String instead of Undefined;' },
  ],
  ['a package without prefix', { package: 'wx123' }, { errMsg: TOTAL_FEE, emulator: { code: 'PACKAGE_FORMAT' } }],
  ['an empty prepay_id', { package: 'prepay_id=' }, { errMsg: TOTAL_FEE, emulator: { code: 'PACKAGE_FORMAT' } }],
  ['signType left out', { signType: undefined }, { ...BAD_SIGN, emulator: { code: 'SIGN_TYPE' } }],
  ['signType MD5', { signType: 'MD5' }, { ...BAD_SIGN, emulator: { code: 'SIGN_TYPE' } }],
  ['a prepay_id nobody gave', { package: 'prepay_id=undefined' }, { errMsg: TOTAL_FEE, emulator: { code: 'PREPAY_UNKNOWN' } }],
  [
    'another mini program',
    { appId: 'wxother' },
    { errMsg: 'requestPayment:fail 商户传入的appid参数不正确', emulator: { code: 'APPID_MISMATCH' } },
  ],
  ['another nonceStr than signed', { nonceStr: 'other' }, { ...BAD_SIGN, emulator: { code: 'PAY_SIGN' } }],
  ['another timeStamp than signed', { timeStamp: '1000000000' }, { ...BAD_SIGN, emulator: { code: 'PAY_SIGN' } }],
  ['another user', { openid: 'oOther' }, { errMsg: 'requestPayment:fail 下单账号与支付账号不一致', emulator: { code: 'PAYER_MISMATCH' } }],
])('%s is refused', async (_, change, result) => {
  const world = await aWorld()
  expect(world.emulator.cashier(await aTap(world, change))).toMatchObject(result)
  expect(world.emulator.truth().ledger).toEqual([])
})

test('milliseconds are refused even when they were signed', async () => {
  const world = await aWorld()
  const tap = await aTap(world)
  expect(world.emulator.cashier({ ...tap, timeStamp: `${tap.timeStamp}000` })).toMatchObject({
    ...BAD_SIGN,
    emulator: { en: expect.stringContaining('seconds') },
  })
})

test('a paySign by another merchant’s key, or for another appid, is named', async () => {
  const world = await aWorld()
  const { sp, appid } = world.emulator.settings
  const tap = await aTap(world)
  const prepay_id = String(tap.package).slice('prepay_id='.length)
  const byProvider = await world.provider.paymentFields(appid, prepay_id)
  expect(world.emulator.cashier({ ...tap, ...byProvider })).toMatchObject({
    ...BAD_SIGN,
    emulator: { zh: `paySign 使用了商户 ${sp.sp_mchid} 的私钥。` },
  })
  const forOther = await world.shop.paymentFields(sp.sp_appid, prepay_id)
  expect(world.emulator.cashier({ ...tap, ...forOther })).toMatchObject({
    ...BAD_SIGN,
    emulator: { zh: `paySign 是用 appid ${sp.sp_appid} 计算的。` },
  })
})

test('an order paid, closed, expired or with a prepay_id of two hours ago does not open', async () => {
  const world = await aWorld()
  const paid = await aTap(world)
  world.emulator.cashier(paid)
  expect(world.emulator.cashier(paid)).toMatchObject({ errMsg: 'requestPayment:fail 该订单已支付' })

  const closed = await aTap(world, {}, { out_trade_no: 'order-0002' })
  await world.shop.call('POST', '/v3/pay/transactions/out-trade-no/order-0002/close', { mchid: world.emulator.settings.mchid })
  expect(world.emulator.cashier(closed)).toMatchObject({ errMsg: 'requestPayment:fail 订单已关闭' })

  const expiring = await aTap(world, {}, { out_trade_no: 'order-0003', time_expire: beijingTime(world.clock.now() + 5 * MINUTES) })
  const old = await aTap(world, {}, { out_trade_no: 'order-0004' })
  await world.clock.advance(5 * MINUTES)
  expect(world.emulator.cashier(expiring)).toMatchObject({ errMsg: 'requestPayment:fail 该订单已失效', emulator: { code: 'EXPIRED' } })
  await world.clock.advance(2 * HOURS)
  expect(world.emulator.cashier(old)).toMatchObject({ errMsg: 'requestPayment:fail 该订单已失效', emulator: { code: 'PREPAY_EXPIRED' } })
  expect(world.emulator.truth().ledger).toHaveLength(1)
})
