// refund, refundv2, refundquery (v2-protocol §7, §8).

import { expect, test } from 'vitest'
import { callV2, placeAndPayV2 } from '../../v2.ts'
import { aWorld, control, SECONDS, type World } from '../../world.ts'

const REFUND = '/secapi/pay/refund'
const LIST = '/pay/refundquery'

function aRefund(more: Record<string, string | number> = {}): Record<string, string | number> {
  return { out_trade_no: 'v2-order-0001', out_refund_no: 'v2-refund-1', total_fee: 100, refund_fee: 40, ...more }
}

async function paid(): Promise<World> {
  const world = await aWorld()
  await placeAndPayV2(world)
  return world
}

test.each([REFUND, '/secapi/pay/refundv2'])('%s takes a refund on; the same again is the same, other contents are not', async (path) => {
  const world = await paid()
  const first = await callV2(world, path, aRefund())
  expect(first).toMatchObject({
    result_code: 'SUCCESS',
    out_refund_no: 'v2-refund-1',
    refund_fee: '40',
    total_fee: '100',
    cash_refund_fee: '40',
  })
  expect((await callV2(world, path, aRefund()))['refund_id']).toBe(first['refund_id'])
  expect(await callV2(world, path, aRefund({ refund_fee: 41 }))).toMatchObject({ err_code: 'REFUND_FEE_MISMATCH' })
  expect(world.emulator.truth().ledger.filter(({ kind }) => kind === 'refund')).toHaveLength(1)
})

test('what is too much, too late, unpaid or unfunded is refused', async () => {
  const world = await paid()
  expect(await callV2(world, REFUND, aRefund({ out_trade_no: 'never-was' }))).toMatchObject({ err_code: 'ORDERNOTEXIST' })
  expect(await callV2(world, REFUND, aRefund({ total_fee: 99 }))).toMatchObject({ err_code: 'REFUND_FEE_MISMATCH' })
  expect(await callV2(world, REFUND, aRefund({ refund_fee: 101 }))).toMatchObject({
    return_code: 'FAIL',
    return_msg: 'refund_fee参数格式校验错误',
  })
  await callV2(world, REFUND, aRefund({ refund_fee: 60 }))
  expect(await callV2(world, REFUND, aRefund({ out_refund_no: 'v2-refund-2', refund_fee: 41 }))).toMatchObject({
    err_code: 'ERROR',
    err_code_des: '累计退款金额大于支付金额',
  })
  await control(world, 'POST', '/balances', { mchid: world.emulator.settings.mchid, account: 'BASIC', available: 0 })
  const short = aRefund({ out_refund_no: 'v2-refund-3' })
  expect(await callV2(world, REFUND, short)).toMatchObject({ err_code: 'NOTENOUGH' })
  await control(world, 'POST', '/balances', { mchid: world.emulator.settings.mchid, account: 'BASIC', available: 100 })
  expect(await callV2(world, REFUND, short)).toMatchObject({ result_code: 'SUCCESS' })
})

test('after a year a refund is too late', async () => {
  const world = await paid()
  await world.clock.advance(366 * 24 * 3600 * SECONDS)
  expect(await callV2(world, REFUND, aRefund())).toMatchObject({ err_code: 'TRADE_OVERDUE' })
})

test('refunds are found by four numbers, each with its status', async () => {
  const world = await paid()
  expect(await callV2(world, LIST, { out_trade_no: 'v2-order-0001' })).toMatchObject({ err_code: 'REFUNDNOTEXIST' })
  const made = await callV2(world, REFUND, aRefund({ refund_fee: 10, refund_account: 'REFUND_SOURCE_RECHARGE_FUNDS' }))
  await callV2(world, REFUND, aRefund({ out_refund_no: 'v2-refund-2', refund_fee: 20, refund_desc: 'sentinel:ABNORMAL' }))
  await callV2(world, REFUND, aRefund({ out_refund_no: 'v2-refund-3', refund_fee: 30, refund_desc: 'sentinel:CLOSED' }))
  expect(await callV2(world, LIST, { refund_id: made['refund_id'] ?? '' })).toMatchObject({
    refund_count: '1',
    refund_status_0: 'PROCESSING',
    refund_account_0: 'REFUND_SOURCE_RECHARGE_FUNDS',
  })
  await world.clock.advance(3 * SECONDS)
  const all = await callV2(world, LIST, { transaction_id: made['transaction_id'] ?? '' })
  expect(all).toMatchObject({
    total_fee: '100',
    total_refund_count: '3',
    refund_count: '3',
    refund_status_0: 'SUCCESS',
    refund_success_time_0: '2026-11-24 10:00:03',
    refund_recv_accout_0: '支付用户零钱',
    refund_status_1: 'CHANGE',
    refund_status_2: 'REFUNDCLOSE',
    out_refund_no_2: 'v2-refund-3',
  })
  expect(all).not.toHaveProperty('refund_success_time_1')
  expect(await callV2(world, LIST, { out_refund_no: 'v2-refund-2' })).toMatchObject({ refund_count: '1', refund_status_0: 'CHANGE' })
})

test('ten rows to an answer; offset goes on', async () => {
  const world = await paid()
  for (let n = 1; n <= 12; n++) await callV2(world, REFUND, aRefund({ out_refund_no: `part-${n}`, refund_fee: 1 }))
  const first = await callV2(world, LIST, { out_trade_no: 'v2-order-0001' })
  expect(first).toMatchObject({ total_refund_count: '12', refund_count: '10', out_refund_no_9: 'part-10' })
  const rest = await callV2(world, LIST, { out_trade_no: 'v2-order-0001', offset: 10 })
  expect(rest).toMatchObject({ total_refund_count: '12', refund_count: '2', out_refund_no_0: 'part-11' })
})

test('another merchant’s refund is not found', async () => {
  const world = await paid()
  const { refund_id = '' } = await callV2(world, REFUND, aRefund())
  const { sp } = world.emulator.settings
  const provider = { appid: sp.sp_appid, mch_id: sp.sp_mchid, sub_mch_id: sp.sub_mchid }
  expect(await callV2(world, LIST, { ...provider, refund_id }, { key: sp.api_v2_key })).toMatchObject({ err_code: 'REFUNDNOTEXIST' })
})
