// unifiedorder, orderquery, closeorder (v2-protocol §3, §4, §5, §6).

import { expect, test } from 'vitest'
import { aV2Order, callV2, payV2, placeAndPayV2, UNIFIED } from '../../v2.ts'
import { anOrder, aWorld, control, HOURS, JSAPI, MINUTES } from '../../world.ts'

const QUERY = '/pay/orderquery'
const CLOSE = '/pay/closeorder'
const KEY = { out_trade_no: 'v2-order-0001' }

test('the same order again gives a fresh prepay_id, and both can be paid with; other contents are refused', async () => {
  const world = await aWorld()
  const first = await callV2(world, UNIFIED, aV2Order(world))
  expect(first).toMatchObject({ result_code: 'SUCCESS', trade_type: 'JSAPI', mch_id: world.emulator.settings.mchid })
  const second = await callV2(world, UNIFIED, aV2Order(world))
  expect(second['prepay_id']).not.toBe(first['prepay_id'])
  for (const change of [
    { total_fee: 101 },
    { detail: '{}' },
    { openid: world.emulator.addUser('小刚').openids[world.emulator.settings.appid] ?? '' },
  ]) {
    expect(await callV2(world, UNIFIED, aV2Order(world, change))).toMatchObject({
      result_code: 'FAIL',
      err_code: 'OUT_TRADE_NO_USED',
    })
  }
  expect(payV2(world, first['prepay_id'] ?? '')).toEqual({ errMsg: 'requestPayment:ok' })
  expect(payV2(world, second['prepay_id'] ?? '')).toMatchObject({ emulator: { code: 'PAID' } })
  expect(await callV2(world, UNIFIED, aV2Order(world))).toMatchObject({ err_code: 'ORDERPAID' })
})

test('a number that v3 ordered is used for v2, and the other way round', async () => {
  const world = await aWorld()
  await world.shop.call('POST', JSAPI, anOrder(world, { out_trade_no: 'v2-order-0001' }))
  expect(await callV2(world, UNIFIED, aV2Order(world))).toMatchObject({ err_code: 'OUT_TRADE_NO_USED' })
  await callV2(world, UNIFIED, aV2Order(world, { out_trade_no: 'v2-order-0002' }))
  expect((await world.shop.call('POST', JSAPI, anOrder(world, { out_trade_no: 'v2-order-0002' }))).body).toMatchObject({
    code: 'INVALID_REQUEST',
  })
})

test('fields that are wrong or missing are named; unknown ones pass', async () => {
  const world = await aWorld()
  const failure = async (change: Record<string, string | number>): Promise<string | undefined> =>
    (await callV2(world, UNIFIED, aV2Order(world, change)))['return_msg']
  expect(await failure({ total_fee: '1.00' })).toBe('total_fee参数格式校验错误')
  expect(await failure({ total_fee: 0 })).toBe('total_fee参数格式校验错误')
  expect(await failure({ out_trade_no: 'short' })).toBe('out_trade_no参数格式校验错误')
  expect(await failure({ notify_url: 'https://shop.test/paid?a=1' })).toBe('notify_url参数格式校验错误')
  expect(await failure({ spbill_create_ip: 'localhost' })).toBe('spbill_create_ip参数格式校验错误')
  expect(await failure({ body: '' })).toBe('缺少参数body')
  expect(await failure({ openid: '' })).toBe('JSAPI支付必须传openid')
  expect(await failure({ version: '1.0', time_expire: '' })).toBe('OK')
})

test('parties that do not belong together are refused', async () => {
  const world = await aWorld()
  const { sp, users } = world.emulator.settings
  const code = async (change: Record<string, string | number>): Promise<unknown> =>
    (await callV2(world, UNIFIED, aV2Order(world, change)))['err_code']
  expect(await code({ appid: 'wx0000000000000000' })).toBe('APPID_NOT_EXIST')
  expect(await code({ appid: sp.sp_appid })).toBe('APPID_MCHID_NOT_MATCH')
  expect(await code({ openid: users[0]?.openids[sp.sp_appid] ?? '' })).toBe('PARAM_ERROR')
  expect(await code({ trade_type: 'NATIVE' })).toBe('NOAUTH')
  const provider = { key: sp.api_v2_key }
  const ids = { appid: sp.sp_appid, mch_id: sp.sp_mchid }
  expect(await callV2(world, UNIFIED, aV2Order(world, ids), provider)).toMatchObject({ return_msg: '受理机构必须传入sub_mch_id' })
  expect(await callV2(world, UNIFIED, aV2Order(world, { ...ids, sub_mch_id: '1999999999' }), provider)).toMatchObject({
    return_msg: '商户号mch_id或sub_mch_id不存在',
  })
})

test('an unpaid order tells its state and numbers; an unknown one does not exist', async () => {
  const world = await aWorld()
  expect(await callV2(world, QUERY, KEY)).toMatchObject({ result_code: 'FAIL', err_code: 'ORDERNOTEXIST', err_code_des: '订单不存在' })
  await callV2(world, UNIFIED, aV2Order(world, { attach: 'a=1', device_info: 'WEB' }))
  const answer = await callV2(world, QUERY, KEY)
  expect(answer).toMatchObject({ trade_state: 'NOTPAY', trade_state_desc: '订单未支付', attach: 'a=1', device_info: 'WEB' })
  expect(answer).not.toHaveProperty('transaction_id')
})

test('closing: unknown, unpaid, closed again, paid', async () => {
  const world = await aWorld()
  expect(await callV2(world, CLOSE, KEY)).toMatchObject({ err_code: 'ORDERNOTEXIST' })
  const { prepay_id } = await callV2(world, UNIFIED, aV2Order(world))
  expect(await callV2(world, CLOSE, KEY)).toMatchObject({ result_code: 'SUCCESS' })
  expect(await callV2(world, CLOSE, KEY)).toMatchObject({ result_code: 'SUCCESS' })
  expect(payV2(world, prepay_id ?? '')).toMatchObject({ emulator: { code: 'CLOSED' } })
  expect(await callV2(world, UNIFIED, aV2Order(world))).toMatchObject({ err_code: 'ORDERCLOSED' })
  expect(await callV2(world, QUERY, KEY)).toMatchObject({ trade_state: 'CLOSED' })
  await placeAndPayV2(world, { out_trade_no: 'v2-order-0002' })
  expect(await callV2(world, CLOSE, { out_trade_no: 'v2-order-0002' })).toMatchObject({ err_code: 'ORDERPAID' })
})

test('time_expire is Beijing time and ends paying, not the order', async () => {
  const world = await aWorld()
  const { prepay_id } = await callV2(world, UNIFIED, aV2Order(world, { time_expire: '20261124100500' }))
  await world.clock.advance(5 * MINUTES)
  expect(payV2(world, prepay_id ?? '')).toMatchObject({ emulator: { code: 'EXPIRED' } })
  expect(await callV2(world, QUERY, KEY)).toMatchObject({ trade_state: 'NOTPAY' })
})

test('a prepay_id lives two hours', async () => {
  const world = await aWorld()
  const { prepay_id } = await callV2(world, UNIFIED, aV2Order(world))
  await world.clock.advance(2 * HOURS)
  expect(payV2(world, prepay_id ?? '')).toMatchObject({ emulator: { code: 'PREPAY_EXPIRED' } })
})

test('paySign is made as the order was signed; seconds, this appid, this key', async () => {
  const world = await aWorld()
  const { prepay_id = '' } = await callV2(world, UNIFIED, aV2Order(world), { signType: 'HMAC-SHA256' })
  expect(payV2(world, prepay_id, 'MD5')).toMatchObject({ errMsg: 'requestPayment:fail', emulator: { code: 'SIGN_TYPE' } })
  expect(payV2(world, prepay_id, 'HMAC-SHA256', { signType: 'RSA' })).toMatchObject({ emulator: { code: 'SIGN_TYPE' } })
  expect(payV2(world, prepay_id, 'HMAC-SHA256', { nonceStr: 'other' })).toMatchObject({ emulator: { code: 'PAY_SIGN' } })
  expect(payV2(world, prepay_id, 'HMAC-SHA256', { openid: 'oSomebodyElse' })).toMatchObject({ emulator: { code: 'PAYER_MISMATCH' } })
  expect(payV2(world, prepay_id, 'HMAC-SHA256')).toEqual({ errMsg: 'requestPayment:ok' })
  const again = await callV2(world, UNIFIED, aV2Order(world, { out_trade_no: 'v2-order-0002' }))
  // Left out, signType means MD5.
  expect(payV2(world, again['prepay_id'] ?? '', 'MD5', { signType: undefined })).toEqual({ errMsg: 'requestPayment:ok' })
})

test('profit sharing freezes the money of a v2 order', async () => {
  const world = await aWorld()
  await placeAndPayV2(world, { profit_sharing: 'Y', total_fee: 1000 })
  expect(world.emulator.truth().ledger).toMatchObject([{ kind: 'payment', movements: [{ available: 0, frozen: 994 }] }])
})

test('sentinels, faults and limits answer in v2’s words', async () => {
  const world = await aWorld()
  expect(await callV2(world, UNIFIED, aV2Order(world, { body: 'sentinel:NOTENOUGH' }))).toMatchObject({
    err_code: 'NOTENOUGH',
    err_code_des: '余额不足',
  })
  expect(await callV2(world, UNIFIED, aV2Order(world, { body: 'sentinel:NO_SUCH_CODE' }))).toMatchObject({ result_code: 'SUCCESS' })
  world.emulator.faults.add({ fault: 'request.refused', code: 'SYSTEMERROR' })
  expect(await callV2(world, UNIFIED, aV2Order(world, { out_trade_no: 'not-placed' }))).toMatchObject({ err_code: 'SYSTEMERROR' })
  expect(await callV2(world, QUERY, { out_trade_no: 'not-placed' })).toMatchObject({ err_code: 'ORDERNOTEXIST' })
  world.emulator.faults.add({ fault: 'answer.http_500' })
  expect(await callV2(world, UNIFIED, aV2Order(world, { out_trade_no: 'placed-well' }))).toMatchObject({ err_code: 'SYSTEMERROR' })
  expect(await callV2(world, QUERY, { out_trade_no: 'placed-well' })).toMatchObject({ trade_state: 'NOTPAY' })
  world.emulator.faults.add({ fault: 'answer.bad_signature' })
  await expect(callV2(world, QUERY, { out_trade_no: 'placed-well' })).rejects.toMatchObject({ code: 'ERR_SIGNATURE_MISMATCH' })
  world.emulator.faults.add({ fault: 'answer.unsigned' })
  await expect(callV2(world, QUERY, { out_trade_no: 'placed-well' })).rejects.toMatchObject({ code: 'ERR_SIGN_MISSING' })
  await control(world, 'POST', '/behaviour', { rate_limits: { '/pay/': 1 } })
  expect(await callV2(world, QUERY, { out_trade_no: 'placed-well' })).toMatchObject({ result_code: 'SUCCESS' })
  expect(await callV2(world, QUERY, { out_trade_no: 'placed-well' })).toMatchObject({ err_code: 'FREQUENCY_LIMITED' })
})
