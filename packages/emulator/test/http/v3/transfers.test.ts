// Merchant transfers that wait for the user (merchant-transfer.md §2–7), and report their scene (transfers-more §1, merchant-transfer §4, merchant-transfer §5, merchant-transfer §7).

import { openSensitive, privateKey, publicKey, sealSensitive, TRANSFER_SCENES } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import { aWorld, control, HOURS, newest, type World } from '../../world.ts'

const TRANSFERS = '/v3/fund-app/mch-transfer/transfer-bills'
const DAYS = 24 * HOURS
const refusal = (status: number, code: string, message: string) => ({ status, body: { code, message } })

const create = (world: World, more: Record<string, unknown> = {}) =>
  world.shop.call('POST', TRANSFERS, {
    appid: world.emulator.settings.appid,
    out_bill_no: 'bill0001',
    transfer_scene_id: '1000',
    openid: world.emulator.settings.users[0]?.openid,
    transfer_amount: 500,
    transfer_remark: '活动奖励',
    notify_url: 'https://shop.test/transferred',
    transfer_scene_report_infos: [
      { info_type: '活动名称', info_content: '开业' },
      { info_type: '奖励说明', info_content: '红包' },
    ],
    ...more,
  })
const find = (world: World) => world.shop.call('GET', `${TRANSFERS}/out-bill-no/bill0001`)
const cancel = (world: World) => world.shop.call('POST', `${TRANSFERS}/out-bill-no/bill0001/cancel`)
const operation = async (world: World) => {
  const { balances } = (await control(world, 'GET', '/balances')).body as { balances: { available: number }[] }
  return balances[1]?.available
}
async function confirm(world: World, more: Record<string, unknown> = {}): Promise<unknown> {
  const { appid, mchid } = world.emulator.settings
  const { transfers } = (await control(world, 'GET', '/transfers')).body as { transfers: { package_info: string }[] }
  const body = { mchId: mchid, appId: appid, package: transfers[0]?.package_info, ...more }
  return (await control(world, 'POST', '/transfer-confirm', body)).body
}

test('§3 it waits for the user, who confirms; the merchant is told', async () => {
  const world = await aWorld()
  const { body } = world.shop.verified(await create(world))
  expect(body).toMatchObject({ state: 'WAIT_USER_CONFIRM', create_time: '2026-11-24T10:00:00.000+08:00', package_info: expect.any(String) })
  expect(await operation(world)).toBe(999_500)
  expect(await confirm(world)).toEqual({ errMsg: 'requestMerchantTransfer:ok' })
  await world.emulator.deliverDue()
  const { envelope, resource } = newest(world, world.shop)
  expect(envelope).toMatchObject({
    event_type: 'MCHTRANSFER.BILL.FINISHED',
    summary: '商家转账单据终态通知',
    resource: { original_type: 'mch_payment', associated_data: 'mch_payment' },
  })
  expect(resource).toMatchObject({ state: 'SUCCESS', out_bill_no: 'bill0001', mch_id: world.emulator.settings.mchid })
  expect((await find(world)).body).toMatchObject({ state: 'SUCCESS', transfer_amount: 500 })
  const byId = await world.shop.call('GET', `${TRANSFERS}/transfer-bill-no/${body['transfer_bill_no']}`)
  expect(byId).toMatchObject({ status: 200, body: { out_bill_no: 'bill0001' } })
})

test('§3 after 24 hours without a word it is FAIL, OVERDUE_CLOSE, and the money is back', async () => {
  const world = await aWorld()
  await create(world)
  await world.clock.advance(DAYS - 1)
  expect((await find(world)).body).toMatchObject({ state: 'WAIT_USER_CONFIRM' })
  await world.clock.advance(1)
  expect((await find(world)).body).toMatchObject({ state: 'FAIL', fail_reason: 'OVERDUE_CLOSE' })
  expect(newest(world, world.shop).resource).toMatchObject({ state: 'FAIL', fail_reason: 'OVERDUE_CLOSE' })
  expect(await operation(world)).toBe(1_000_000)
  expect(await confirm(world)).toEqual({ errMsg: 'requestMerchantTransfer:fail package 错误或已失效' })
})

test('§3 cancelled before the user confirms: CANCELING, then CANCELLED; afterwards too late', async () => {
  const world = await aWorld()
  await create(world)
  expect(await cancel(world)).toMatchObject({ status: 200, body: { state: 'CANCELING' } })
  await world.emulator.deliverDue()
  expect(await cancel(world)).toMatchObject({ body: { state: 'CANCELLED' } })
  expect(newest(world, world.shop).resource).toMatchObject({ state: 'CANCELLED' })

  const confirmed = await aWorld()
  expect(await cancel(confirmed)).toMatchObject(refusal(400, 'INVALID_REQUEST', '商户单号不存在'))
  await create(confirmed)
  await confirm(confirmed)
  expect(await cancel(confirmed)).toMatchObject(refusal(400, 'INVALID_REQUEST', '当前单据状态不支持撤销'))
})

test('§2 the same number is the same transfer; with other contents it is refused', async () => {
  const world = await aWorld()
  const key = publicKey(world.emulator.settings.public_key)
  const named = () => ({ user_name: sealSensitive(key, '小明') })
  const first = await create(world, named())
  expect((await create(world, named())).body).toEqual(first.body)
  expect(await create(world, { ...named(), transfer_amount: 501 })).toMatchObject(
    refusal(400, 'ALREADY_EXISTS', '商户单号已存在，请核实参数是否与原请求一致'),
  )
  const { user_name } = (await find(world)).body
  expect(openSensitive(privateKey(world.emulator.settings.merchant_key), String(user_name))).toBe('小明')
})

test('§7 limits: ¥0.10 to ¥200, a name from ¥2000 and none below ¥0.30, an openid of the appid, money', async () => {
  const world = await aWorld()
  const limits = refusal(400, 'INVALID_REQUEST', '超过单笔转账上下限，核实产品设置是否准确')
  expect(await create(world, { transfer_amount: 9 })).toMatchObject(limits)
  expect(await create(world, { transfer_amount: 20_001 })).toMatchObject(limits)
  expect(await create(world, { transfer_amount: 200_000 })).toMatchObject({
    status: 400,
    body: { code: 'PARAM_ERROR' },
    why: expect.stringMatching(/^\/user_name: /),
  })
  expect(await create(world, { transfer_amount: 29, user_name: 'x' })).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR' } })
  expect(await create(world, { openid: 'nobody' })).toMatchObject(refusal(400, 'INVALID_REQUEST', 'Openid格式错误或者不属于商家公众账号'))
  const { mchid } = world.emulator.settings
  await control(world, 'POST', '/balances', { mchid, account: 'OPERATION', available: 499 })
  expect(await create(world)).toMatchObject(refusal(403, 'NOT_ENOUGH', '商户运营账户资金不足，请充值后使用原商户单号重试'))
  await control(world, 'POST', '/balances', { mchid, account: 'OPERATION', available: 500 })
  expect(await create(world)).toMatchObject({ status: 200 })
})

test('§1 only the last 30 days can be queried', async () => {
  const world = await aWorld()
  const missing = refusal(404, 'NOT_FOUND', '记录不存在')
  expect(await find(world)).toMatchObject(missing)
  await create(world)
  await world.clock.advance(30 * DAYS)
  expect(await find(world)).toMatchObject({ status: 200 })
  await world.clock.advance(1)
  expect(await find(world)).toMatchObject(missing)
})

test('the user turns away, it fails, or his name is another', async () => {
  const world = await aWorld()
  await create(world)
  expect(await confirm(world, { action: 'cancel' })).toEqual({ errMsg: 'requestMerchantTransfer:cancel' })
  expect((await find(world)).body).toMatchObject({ state: 'WAIT_USER_CONFIRM' })
  expect(await confirm(world, { mchId: '1' })).toEqual({ errMsg: 'requestMerchantTransfer:fail 商户号或appId与转账单不一致' })
  expect(await confirm(world, { openid: 'o' })).toEqual({ errMsg: 'requestMerchantTransfer:fail 收款用户与当前用户不一致' })
  expect(await confirm(world, { action: 'fail', fail_reason: 'TRANSFER_RISK' })).toEqual({ errMsg: 'requestMerchantTransfer:ok' })
  expect((await find(world)).body).toMatchObject({ state: 'FAIL', fail_reason: 'TRANSFER_RISK' })

  const other = await aWorld()
  await create(other, { user_name: sealSensitive(publicKey(other.emulator.settings.public_key), '小刚') })
  await confirm(other)
  expect((await find(other)).body).toMatchObject({ state: 'FAIL', fail_reason: 'NAME_NOT_CORRECT' })
})

const SCENE = '未传入完整且对应的转账场景报备信息，请根据接口文档检查'
const infos = (...types: string[]) => types.map((info_type) => ({ info_type, info_content: '说明' }))

test.each<[scene: string, types: string[]]>([
  ['1005', ['岗位类型']],
  ['1005', ['岗位类型', '奖励说明']],
  ['1005', ['岗位类型', '报酬说明', '活动名称']],
  ['1005', ['岗位类型', '岗位类型']],
  ['1000', []],
  ['9999', ['活动名称', '奖励说明']],
])('B9: scene %s with %j is refused', async (transfer_scene_id, types) => {
  const world = await aWorld()
  const answer = await create(world, { transfer_scene_id, transfer_scene_report_infos: infos(...types) })
  expect(answer).toMatchObject(refusal(400, 'PARAM_ERROR', SCENE))
  expect(await operation(world)).toBe(1_000_000)
})

test.each(Object.entries(TRANSFER_SCENES))('B9: scene %s with exactly its infos, in any order, and each perception', async (id, scene) => {
  const world = await aWorld()
  const report = { transfer_scene_id: id, transfer_scene_report_infos: infos(...scene.infos).reverse() }
  for (const [index, user_recv_perception] of scene.perceptions.entries()) {
    expect(await create(world, { ...report, out_bill_no: `bill${index}`, user_recv_perception })).toMatchObject({ status: 200 })
  }
  expect(await create(world, { ...report, out_bill_no: 'other', user_recv_perception: '红包' })).toMatchObject(
    refusal(400, 'INVALID_REQUEST', '暂不支持展示当前传入的用户收款感知'),
  )
})
