// Partner orders: a service provider for its sub-merchant (v3-endpoints §1–3).

import { expect, test } from 'vitest'
import { aPartnerOrder, aWorld, PARTNER_JSAPI, type World } from '../../world.ts'

const order = (world: World, more: Record<string, unknown> = {}) => world.provider.call('POST', PARTNER_JSAPI, aPartnerOrder(world, more))
const numbers = ({ emulator }: World) => `sp_mchid=${emulator.settings.sp.sp_mchid}&sub_mchid=${emulator.settings.sp.sub_mchid}`
const query = (world: World) => world.provider.call('GET', `/v3/pay/partner/transactions/out-trade-no/partner-0001?${numbers(world)}`)

async function pay(world: World): Promise<void> {
  const { sub_appid } = world.emulator.settings.sp
  const { body } = await order(world)
  const fields = await world.provider.paymentFields(sub_appid, String(body['prepay_id']))
  const openid = world.emulator.settings.users[0]?.openids[sub_appid] ?? ''
  expect(world.emulator.cashier({ appId: sub_appid, openid, ...fields })).toEqual({ errMsg: 'requestPayment:ok' })
}

test('a partner order is paid in the sub-merchant’s mini program, and both openids are told', async () => {
  const world = await aWorld()
  await pay(world)
  const { sp_appid, sp_mchid, sub_appid, sub_mchid } = world.emulator.settings.sp
  const openids = world.emulator.settings.users[0]?.openids ?? {}
  const byOurs = world.provider.verified(await query(world))
  expect(byOurs.body).toMatchObject({
    sp_appid,
    sp_mchid,
    sub_appid,
    sub_mchid,
    trade_state: 'SUCCESS',
    payer: { sp_openid: openids[sp_appid], sub_openid: openids[sub_appid] },
  })
  const byTheirs = await world.provider.call('GET', `/v3/pay/partner/transactions/id/${byOurs.body['transaction_id']}?${numbers(world)}`)
  expect(byTheirs.body).toEqual(byOurs.body)
  expect(world.emulator.truth().ledger).toMatchObject([{ mchid: sp_mchid, sub_mchid, appid: sub_appid, amount: { total: 100 } }])
})

test('an order may be paid in the provider’s own mini program', async () => {
  const world = await aWorld()
  const { sp_appid } = world.emulator.settings.sp
  const sp_openid = world.emulator.settings.users[0]?.openids[sp_appid]
  const { sub_appid: _, ...withoutSubAppid } = aPartnerOrder(world, { payer: { sp_openid } })
  expect(await world.provider.call('POST', PARTNER_JSAPI, withoutSubAppid)).toMatchObject({ status: 200 })
  expect((await query(world)).body).not.toHaveProperty('sub_appid')
})

test('a sub_openid wants a sub_appid, and only one openid is allowed', async () => {
  const world = await aWorld()
  const { sp_appid } = world.emulator.settings.sp
  const openids = world.emulator.settings.users[0]?.openids ?? {}
  const { sub_appid: _, ...withoutSubAppid } = aPartnerOrder(world)
  expect(await world.provider.call('POST', PARTNER_JSAPI, withoutSubAppid)).toMatchObject({
    status: 400,
    body: { code: 'PARAM_ERROR', message: '输入源“/body/sub_appid”映射到字段“公众账号ID”必填性规则校验失败，此字段为必填项' },
  })
  const { payer } = aPartnerOrder(world)
  const both = { payer: { ...(payer as object), sp_openid: openids[sp_appid] } }
  expect(await order(world, both)).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR' }, why: expect.stringMatching(/^\/payer: /) })
})

test('a sub-merchant that is not the provider’s, and an appid that is not the sub-merchant’s', async () => {
  const world = await aWorld()
  expect(await order(world, { sub_mchid: '1900000099' })).toMatchObject({
    status: 400,
    body: { code: 'INVALID_REQUEST', message: '受理关系不存在' },
  })
  expect(await order(world, { sub_appid: world.emulator.settings.appid })).toMatchObject({
    status: 400,
    body: { code: 'APPID_MCHID_NOT_MATCH', message: 'appid和mch_id不匹配，请检查后再试' },
  })
  expect(await order(world, { sp_mchid: '1900000099' })).toMatchObject({
    status: 400,
    body: { code: 'PARAM_ERROR', message: 'http header中的mchid与post payload中的mchid不匹配' },
    why: '/sp_mchid: not the mchid that signed',
  })
})

test('a direct merchant has no sub-merchants', async () => {
  const world = await aWorld()
  const { mchid, appid, sp } = world.emulator.settings
  const answer = await world.shop.call(
    'POST',
    PARTNER_JSAPI,
    aPartnerOrder(world, { sp_mchid: mchid, sp_appid: appid, sub_mchid: sp.sub_mchid }),
  )
  expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', message: '受理关系不存在' } })
})

test('a partner order closes with both numbers', async () => {
  const world = await aWorld()
  await order(world)
  const { sp_mchid, sub_mchid } = world.emulator.settings.sp
  const path = '/v3/pay/partner/transactions/out-trade-no/partner-0001/close'
  expect(await world.provider.call('POST', path, { sp_mchid, sub_mchid })).toMatchObject({ status: 204, text: '' })
  expect((await query(world)).body).toMatchObject({ trade_state: 'CLOSED' })
})
