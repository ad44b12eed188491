// Refunds: made, finished later, refused, told of (v3-endpoints §4, v3-notifications §6).

import { publicKey, sealSensitive } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import {
  aWorld,
  control,
  HOURS,
  MINUTES,
  newest,
  pay,
  payPartner,
  place,
  query,
  REFUNDS,
  refund,
  SECONDS,
  type World,
} from '../../world.ts'

const DAYS = 24 * HOURS
const find = (world: World, out_refund_no = 'refund-1') => world.shop.call('GET', `${REFUNDS}/${out_refund_no}`)
const part = (refund: number, total = 100) => ({ amount: { refund, total, currency: 'CNY' } })
const balance = async (world: World) => {
  const { balances } = (await control(world, 'GET', '/balances')).body as { balances: { available: number }[] }
  return balances[0]?.available
}

test('§4.3 a refund is PROCESSING, then SUCCESS, and the merchant is told', async () => {
  const world = await aWorld()
  await pay(world)
  expect(world.shop.verified(await refund(world))).toMatchObject({
    status: 200,
    body: { status: 'PROCESSING', channel: 'ORIGINAL', funds_account: 'UNSETTLED', amount: { refund: 100, total: 100, refund_fee: 1 } },
  })
  expect((await find(world)).body).not.toHaveProperty('success_time')
  await world.clock.advance(3 * SECONDS)
  expect((await find(world)).body).toMatchObject({ status: 'SUCCESS', success_time: '2026-11-24T10:00:03+08:00' })
  const { envelope, resource } = newest(world, world.shop)
  expect(envelope).toMatchObject({ event_type: 'REFUND.SUCCESS', summary: '退款成功', resource: { original_type: 'refund' } })
  expect(resource).toMatchObject({ mchid: world.emulator.settings.mchid, refund_status: 'SUCCESS', out_refund_no: 'refund-1' })
  expect(resource['amount']).toEqual({ total: 100, refund: 100, payer_total: 100, payer_refund: 100 })
  expect(resource).not.toHaveProperty('status')
})

test.each(['ABNORMAL', 'CLOSED'] as const)('a reason that begins sentinel:%s decides', async (status) => {
  const world = await aWorld()
  await pay(world)
  await refund(world, { reason: `sentinel:${status}` })
  await world.clock.advance(3 * SECONDS)
  expect((await find(world)).body).toMatchObject({ status })
  const { envelope, resource } = newest(world, world.shop)
  expect([envelope['event_type'], resource['refund_status'], resource['success_time']]).toEqual([`REFUND.${status}`, status, undefined])
  expect(await balance(world)).toBe(status === 'CLOSED' ? 99 : 0)
})

test('what a closed refund would have paid can be refunded under a new number', async () => {
  const world = await aWorld()
  await pay(world)
  await refund(world, { reason: 'sentinel:CLOSED' })
  await world.clock.advance(3 * SECONDS)
  expect(await refund(world, { out_refund_no: 'refund-2' })).toMatchObject({ status: 200 })
})

test('§2 trade_state turns REFUND at the request, or at success where it is set so; partial refunds too', async () => {
  const world = await aWorld()
  await pay(world)
  await refund(world, part(1))
  expect((await query(world)).body).toMatchObject({ trade_state: 'REFUND', trade_state_desc: '转入退款' })

  world.emulator.behaviour.trade_state_refund = 'success'
  await pay(world, { out_trade_no: 'order-0002' })
  await refund(world, { ...part(1), out_trade_no: 'order-0002', out_refund_no: 'refund-2' })
  expect((await query(world, 'order-0002')).body).toMatchObject({ trade_state: 'SUCCESS' })
  await world.clock.advance(3 * SECONDS)
  expect((await query(world, 'order-0002')).body).toMatchObject({ trade_state: 'REFUND' })
})

test('§4.3 the same number with the same contents is the same refund, with others it is refused', async () => {
  const world = await aWorld()
  await pay(world)
  const { body } = await refund(world, part(40))
  expect(await refund(world, part(40))).toMatchObject({ status: 200, body: { refund_id: body['refund_id'] } })
  expect(await refund(world, part(41))).toMatchObject({
    status: 400,
    body: { code: 'INVALID_REQUEST', message: '订单金额或退款金额与之前请求不一致，请核实后再试' },
  })
  expect(world.emulator.truth().ledger.filter(({ kind }) => kind === 'refund')).toHaveLength(1)
})

test('§4.3 more than the order, and more than what is left, is refused', async () => {
  const world = await aWorld()
  await pay(world)
  await refund(world, part(60))
  const over = { status: 400, body: { code: 'INVALID_REQUEST', message: '累计退款金额大于支付金额' } }
  expect(await refund(world, { ...part(41), out_refund_no: 'refund-2' })).toMatchObject(over)
  await refund(world, { ...part(40), out_refund_no: 'refund-2' })
  expect(await refund(world, { ...part(1), out_refund_no: 'refund-3' })).toMatchObject({
    status: 400,
    body: { code: 'INVALID_REQUEST', message: '订单已全额退款' },
  })
  expect(await refund(world, { ...part(40, 101), out_refund_no: 'refund-3' })).toMatchObject({
    status: 400,
    body: { code: 'INVALID_REQUEST', message: '订单金额与支付金额不一致，请核实后再试' },
  })
})

test('§4.3 fifty parts, and no more', async () => {
  const world = await aWorld()
  await pay(world)
  for (let n = 1; n <= 50; n += 1) expect((await refund(world, { ...part(1), out_refund_no: `part-${n}` })).status).toBe(200)
  expect(await refund(world, { ...part(1), out_refund_no: 'part-51' })).toMatchObject({
    status: 400,
    body: { code: 'INVALID_REQUEST', message: '部分退款次数已达上限' },
  })
})

test('§4.3 a year after the payment it is too late', async () => {
  const world = await aWorld()
  await pay(world)
  await world.clock.advance(365 * DAYS)
  expect(await refund(world, part(1))).toMatchObject({ status: 200 })
  await world.clock.advance(1)
  expect(await refund(world, { ...part(1), out_refund_no: 'refund-2' })).toMatchObject({
    status: 403,
    body: { code: 'TRADE_OVERDUE', message: '订单已经超过可退款的最大期限(支付后一年内可退款)' },
  })
})

test('§4.3 where an interval is set, an earlier refund of the same order is refused', async () => {
  const world = await aWorld({ behaviour: { refund_interval_ms: MINUTES } })
  await pay(world)
  await refund(world, part(1))
  expect(await refund(world, { ...part(1), out_refund_no: 'refund-2' })).toMatchObject({
    status: 429,
    body: { code: 'FREQUENCY_LIMITED', message: '请求频率超过限制' },
  })
  await world.clock.advance(MINUTES)
  expect(await refund(world, { ...part(1), out_refund_no: 'refund-2' })).toMatchObject({ status: 200 })
})

test('§4.4 with too little money it is NOT_ENOUGH, and after a top-up the same number succeeds', async () => {
  const world = await aWorld()
  await pay(world)
  const { mchid } = world.emulator.settings
  await control(world, 'POST', '/balances', { mchid, available: 98 })
  expect(await refund(world)).toMatchObject({
    status: 403,
    body: { code: 'NOT_ENOUGH', message: '基本账户余额不足，请充值后重新发起' },
  })
  expect(await find(world)).toMatchObject({ status: 404 })
  await control(world, 'POST', '/balances', { mchid, available: 99 })
  expect(await refund(world)).toMatchObject({ status: 200 })
  expect(await balance(world)).toBe(0)
})

test('§4.4 an order that is unknown, unpaid, or another merchant’s is not found', async () => {
  const world = await aWorld()
  const missing = { status: 404, body: { code: 'RESOURCE_NOT_EXISTS', message: '订单不存在' } }
  expect(await refund(world)).toMatchObject(missing)
  await place(world)
  expect(await refund(world)).toMatchObject(missing)
  await payPartner(world)
  expect(await refund(world, { out_trade_no: 'partner-0001' })).toMatchObject(missing)
  expect(await find(world)).toMatchObject({ status: 404, body: { code: 'RESOURCE_NOT_EXISTS', message: '退款单不存在' } })
})

test('a provider refunds for its sub-merchant, and must name it', async () => {
  const world = await aWorld()
  const { sp_mchid, sub_mchid } = world.emulator.settings.sp
  await payPartner(world)
  const body = { out_trade_no: 'partner-0001', out_refund_no: 'refund-1', notify_url: 'https://shop.test/refunded', ...part(100) }
  expect(await world.provider.call('POST', REFUNDS, body)).toMatchObject({
    status: 400,
    body: { code: 'INVALID_REQUEST', message: '受理机构必须传入sub_mch_id' },
  })
  expect(await world.provider.call('POST', REFUNDS, { ...body, sub_mchid })).toMatchObject({ status: 200 })
  expect(await world.provider.call('GET', `${REFUNDS}/refund-1?sub_mchid=${sub_mchid}`)).toMatchObject({ body: { status: 'PROCESSING' } })
  await world.clock.advance(3 * SECONDS)
  expect(newest(world, world.provider).resource).toMatchObject({ sp_mchid, sub_mchid, refund_status: 'SUCCESS' })
  expect(await refund(world, { sub_mchid })).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', message: '受理关系不存在' } })
})

test('§4.5 the money of an abnormal refund goes another way; of any other it does not', async () => {
  const world = await aWorld()
  await pay(world)
  const { body } = await refund(world, { reason: 'sentinel:ABNORMAL' })
  const path = `${REFUNDS}/${body['refund_id']}/apply-abnormal-refund`
  const bank_account = sealSensitive(publicKey(world.emulator.settings.public_key), '6222020000000000')
  const request = { out_refund_no: 'refund-1', type: 'USER_BANK_CARD', bank_type: 'ICBC_DEBIT', bank_account, real_name: bank_account }
  expect(await world.shop.call('POST', path, request)).toMatchObject({
    status: 400,
    body: { code: 'INVALID_REQUEST', message: '退款单状态不是退款异常，不能发起异常退款' },
  })
  await world.clock.advance(3 * SECONDS)
  expect(await world.shop.call('POST', path, { ...request, real_name: 'AAAA' })).toMatchObject({
    status: 400,
    body: { code: 'PARAM_ERROR', message: '敏感信息解密失败' },
    why: expect.stringMatching(/^\/real_name: /),
  })
  expect(await world.shop.call('POST', path, request, { headers: { 'Wechatpay-Serial': null } })).toMatchObject({
    status: 400,
    body: { code: 'PARAM_ERROR', message: 'HTTP header缺少微信支付平台证书序列号(Wechatpay-Serial)' },
  })
  expect(await world.shop.call('POST', path, request)).toMatchObject({ body: { status: 'PROCESSING', channel: 'OTHER_BANKCARD' } })
  await world.clock.advance(3 * SECONDS)
  expect(await find(world)).toMatchObject({ body: { status: 'SUCCESS' } })
})

test('a refund made in the merchant console appears in the query, without a v3 notification', async () => {
  const world = await aWorld()
  await pay(world)
  await world.emulator.deliverDue()
  const { transaction_id } = (await query(world)).body
  const made = await control(world, 'POST', '/refunds', { transaction_id, amount: 30 })
  expect(made).toMatchObject({ status: 201, body: { amount: { refund: 30 }, status: 'PROCESSING' } })
  expect(await control(world, 'POST', '/refunds', { transaction_id, amount: 71 })).toMatchObject({
    status: 400,
    body: { code: 'INVALID_REQUEST', zh: '累计退款金额大于支付金额' },
  })
  expect(await control(world, 'POST', '/refunds', { transaction_id: '42' })).toMatchObject({ status: 404, body: { code: 'TRADE_UNKNOWN' } })
  await world.clock.advance(3 * SECONDS)
  expect((await query(world)).body).toMatchObject({ trade_state: 'REFUND' })
  expect(await find(world, String(made.body['out_refund_no']))).toMatchObject({ body: { status: 'SUCCESS' } })
  expect(world.endpoint.received).toHaveLength(1)
})

test('a person ends a refund by hand, once', async () => {
  const world = await aWorld({ behaviour: { refund_delay_ms: HOURS } })
  await pay(world)
  const { body } = await refund(world)
  const finish = () => control(world, 'POST', `/refunds/${body['refund_id']}/finish`, { status: 'CLOSED' })
  expect(await finish()).toMatchObject({ status: 200, body: { status: 'CLOSED' } })
  expect(await finish()).toMatchObject({ status: 400, body: { code: 'REFUND_FINAL' } })
  expect(await control(world, 'POST', '/refunds/1/finish')).toMatchObject({ status: 404, body: { code: 'REFUND_UNKNOWN' } })
  expect(await control(world, 'GET', '/refunds')).toMatchObject({ body: { refunds: [{ out_refund_no: 'refund-1', status: 'CLOSED' }] } })
})

test('the fee comes back in parts that add up to all of it', async () => {
  const world = await aWorld()
  await pay(world, { amount: { total: 1000 } })
  for (const n of [1, 2, 3, 4]) await refund(world, { ...part(250, 1000), out_refund_no: `part-${n}` })
  const back = world.emulator.truth().ledger.flatMap((entry) => (entry.kind === 'refund' ? [entry.fee] : []))
  expect(back.reduce((sum, fee) => sum + fee, 0)).toBe(6)
  expect(await balance(world)).toBe(0)
})

test.each([
  ['NOT_ENOUGH', 403],
  ['USER_ACCOUNT_ABNORMAL', 403],
  ['FREQUENCY_LIMITED', 429],
  ['SYSTEM_ERROR', 500],
])('sentinel:%s in the reason is answered %i, and nothing is done', async (code, status) => {
  const world = await aWorld()
  await pay(world)
  expect(await refund(world, { reason: `sentinel:${code}` })).toMatchObject({ status, body: { code, message: expect.any(String) } })
  expect(await find(world)).toMatchObject({ status: 404 })
})
