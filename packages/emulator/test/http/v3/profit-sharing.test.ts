// Profit sharing: receivers, shares that finish later, unfreezes, returns, and every refusal (v3-endpoints §6, v3-notifications §8, v3-protocol §7, v3-protocol §9).

import { openSensitive, privateKey, publicKey, sealSensitive } from '@cashdesk/protocol'
import { expect, test } from 'vitest'
import { type Answer, aWorld, control, HOURS, MINUTES, newest, pay, payPartner, query, refund, SECONDS, type World } from '../../world.ts'

const SHARING = '/v3/profitsharing'
const DAYS = 24 * HOURS
const RECEIVER = '1900000002'
const shared = { settle_info: { profit_sharing: true }, amount: { total: 10_000 } }

interface Shop extends World {
  transaction_id: string
  share(more?: Record<string, unknown>): Promise<Answer>
  post(path: string, body: Record<string, unknown>): Promise<Answer>
  get(path: string): Promise<Answer>
}

/** A direct merchant with a paid order of ¥100 to share, a minute ago, and the service provider as receiver. */
async function aShop(order: Record<string, unknown> = shared): Promise<Shop> {
  const world = await aWorld()
  await pay(world, order)
  const transaction_id = String((await query(world)).body['transaction_id'])
  const post = (path: string, body: Record<string, unknown>) => world.shop.call('POST', `${SHARING}/${path}`, body)
  const { appid } = world.emulator.settings
  await post('receivers/add', { appid, type: 'MERCHANT_ID', account: RECEIVER, relation_type: 'PARTNER' })
  await world.clock.advance(MINUTES)
  return {
    ...world,
    transaction_id,
    post,
    get: (path) => world.shop.call('GET', `${SHARING}/${path}`),
    share: (more = {}) =>
      post('orders', { transaction_id, out_order_no: 'share-1', receivers: [receiver(1000)], unfreeze_unsplit: false, ...more }),
  }
}

const receiver = (amount: number, more: Record<string, unknown> = {}) => {
  return { type: 'MERCHANT_ID', account: RECEIVER, amount, description: '分给服务商', ...more }
}
const refusal = (status: number, code: string, message: string) => ({ status, body: { code, message } })
const balances = async (world: World) => (await control(world, 'GET', '/balances')).body['balances']
const unsplit = async (shop: Shop) => (await shop.get(`transactions/${shop.transaction_id}/amounts`)).body['unsplit_amount']

test('the money of the order is frozen; a share is PROCESSING, then FINISHED, and the receiver has it', async () => {
  const shop = await aShop()
  const { mchid } = shop.emulator.settings
  expect(await balances(shop)).toMatchObject([{ mchid, available: 0, frozen: 9940 }, {}, { mchid: RECEIVER, available: 0 }, {}, {}, {}])
  expect(shop.shop.verified(await shop.share())).toMatchObject({
    status: 200,
    body: { state: 'PROCESSING', receivers: [{ account: RECEIVER, amount: 1000, result: 'PENDING', detail_id: expect.any(String) }] },
  })
  await shop.clock.advance(3 * SECONDS)
  expect(await shop.get(`orders/share-1?transaction_id=${shop.transaction_id}`)).toMatchObject({
    body: { state: 'FINISHED', receivers: [{ result: 'SUCCESS', finish_time: '2026-11-24T10:01:03+08:00' }] },
  })
  expect(await balances(shop)).toMatchObject([{ available: 0, frozen: 8940 }, {}, { available: 1000 }, {}, {}, {}])
  expect(await unsplit(shop)).toBe(8940)
})

test('FINISHED is not success: each receiver has his own result', async () => {
  const shop = await aShop()
  const receivers = [receiver(100), receiver(200, { description: 'sentinel:RECEIVER_HIGH_RISK' })]
  await shop.share({ receivers })
  await shop.clock.advance(3 * SECONDS)
  expect(await shop.get(`orders/share-1?transaction_id=${shop.transaction_id}`)).toMatchObject({
    body: { state: 'FINISHED', receivers: [{ result: 'SUCCESS' }, { result: 'CLOSED', fail_reason: 'RECEIVER_HIGH_RISK' }] },
  })
  expect(await unsplit(shop)).toBe(9840)
})

test('§6 too early, not for sharing, unknown receiver, unknown order', async () => {
  const early = await aWorld()
  await pay(early, shared)
  const { appid } = early.emulator.settings
  const transaction_id = String((await query(early)).body['transaction_id'])
  const receivers = [{ type: 'PERSONAL_OPENID', account: early.emulator.settings.users[1]?.openid, amount: 1, description: '分' }]
  const share = (number: string) =>
    early.shop.call('POST', `${SHARING}/orders`, { appid, transaction_id: number, out_order_no: 's', receivers, unfreeze_unsplit: true })
  expect(await share(transaction_id)).toMatchObject(refusal(400, 'INVALID_REQUEST', '订单处理中，请稍后重试'))
  await early.clock.advance(MINUTES)
  expect(await share(transaction_id)).toMatchObject(refusal(400, 'INVALID_REQUEST', '分账接收方关系不存在'))
  expect(await share('42')).toMatchObject(refusal(404, 'RESOURCE_NOT_EXISTS', '记录不存在'))
  const plain = await aShop({})
  expect(await plain.share()).toMatchObject(refusal(400, 'INVALID_REQUEST', '非分账订单不支持分账'))
})

test('§6 30 % of the order over all shares, and never more than is frozen', async () => {
  const shop = await aShop()
  expect(await shop.share({ receivers: [receiver(3001)] })).toMatchObject(refusal(403, 'RULE_LIMIT', '分账金额超出最大分账比例'))
  await shop.share({ receivers: [receiver(2000)] })
  expect(await shop.share({ out_order_no: 'share-2', receivers: [receiver(1001)] })).toMatchObject({ body: { code: 'RULE_LIMIT' } })
  shop.emulator.behaviour.share_ratio_max = 10_000
  expect(await shop.share({ out_order_no: 'share-2', receivers: [receiver(7941)] })).toMatchObject(
    refusal(403, 'NOT_ENOUGH', '分账金额不足'),
  )
})

test('§6 fifty requests for one order, and no more', async () => {
  const shop = await aShop()
  for (let n = 1; n <= 50; n += 1) expect((await shop.share({ out_order_no: `share-${n}`, receivers: [receiver(1)] })).status).toBe(200)
  expect(await shop.share({ out_order_no: 'share-51', receivers: [receiver(1)] })).toMatchObject(
    refusal(403, 'RULE_LIMIT', '分账次数超出限制'),
  )
})

test('§6 the same number is the same share, its name sealed anew or not; other receivers are refused', async () => {
  const shop = await aShop()
  const key = publicKey(shop.emulator.settings.public_key)
  const named = () => ({ receivers: [receiver(1000, { name: sealSensitive(key, '服务商') })] })
  const first = await shop.share(named())
  expect(await shop.share(named())).toMatchObject({ status: 200, body: { order_id: first.body['order_id'] } })
  expect(await shop.share({ receivers: [receiver(1001)] })).toMatchObject(refusal(400, 'INVALID_REQUEST', '分账接收方与原请求不一致'))
})

test('§6 unfreezing needs a new number: a share’s own answers success and unfreezes nothing', async () => {
  const shop = await aShop()
  await shop.share()
  await shop.clock.advance(3 * SECONDS)
  const unfreeze = (out_order_no: string) =>
    shop.post('orders/unfreeze', { transaction_id: shop.transaction_id, out_order_no, description: '解冻' })
  expect(await unfreeze('share-1')).toMatchObject({ status: 200 })
  expect(await unsplit(shop)).toBe(8940)
  expect(await unfreeze('unfreeze-1')).toMatchObject({ status: 200, body: { state: 'PROCESSING', receivers: [{ amount: 8940 }] } })
  await shop.clock.advance(3 * SECONDS)
  expect(await balances(shop)).toMatchObject([{ available: 8940, frozen: 0 }, {}, {}, {}, {}, {}])
  expect(await unfreeze('unfreeze-2')).toMatchObject(refusal(403, 'NOT_ENOUGH', '分账金额为0'))
  expect(await shop.share({ out_order_no: 'share-2' })).toMatchObject(refusal(400, 'INVALID_REQUEST', '订单已完结分账，不支持分账'))
})

test('unfreeze_unsplit releases the rest; after 30 days it thaws by itself', async () => {
  const shop = await aShop()
  await shop.share({ unfreeze_unsplit: true })
  await shop.clock.advance(3 * SECONDS)
  expect(await balances(shop)).toMatchObject([{ available: 8940, frozen: 0 }, {}, {}, {}, {}, {}])

  const forgotten = await aShop()
  await forgotten.clock.advance(30 * DAYS - MINUTES - 1)
  expect(await unsplit(forgotten)).toBe(9940)
  await forgotten.clock.advance(1)
  expect(await balances(forgotten)).toMatchObject([{ available: 9940, frozen: 0 }, {}, {}, {}, {}, {}])
})

test('§6 a refund is taken from what is frozen; a fully refunded order is not shared', async () => {
  const shop = await aShop()
  const amount = { refund: 10_000, total: 10_000, currency: 'CNY' }
  expect(await refund(shop, { amount })).toMatchObject({ status: 200, body: { funds_account: 'UNAVAILABLE' } })
  expect(await balances(shop)).toMatchObject([{ available: 0, frozen: 0 }, {}, {}, {}, {}, {}])
  expect(await shop.share()).toMatchObject(refusal(400, 'INVALID_REQUEST', '订单已全额退款，不支持分账'))
})

test('§6 before a shared order is refunded the share must come back', async () => {
  const shop = await aShop()
  const amount = { refund: 10_000, total: 10_000, currency: 'CNY' }
  await shop.share()
  await shop.clock.advance(3 * SECONDS)
  expect(await refund(shop, { amount })).toMatchObject({ status: 403, body: { code: 'NOT_ENOUGH' } })
  const back = { out_order_no: 'share-1', out_return_no: 'return-1', return_mchid: RECEIVER, amount: 1000, description: '退款' }
  expect(await shop.post('return-orders', back)).toMatchObject({ status: 200, body: { result: 'SUCCESS', amount: 1000 } })
  expect(await shop.get('return-orders/return-1?out_order_no=share-1')).toMatchObject({ body: { result: 'SUCCESS' } })
  expect(await unsplit(shop)).toBe(8940)
  expect(await refund(shop, { amount })).toMatchObject({ status: 200 })
})

test('§6 returns: never more than was got, not from others, not after 180 days, failed when the receiver has too little', async () => {
  const shop = await aShop()
  await shop.share()
  await shop.clock.advance(3 * SECONDS)
  const back = (more: Record<string, unknown> = {}) =>
    shop.post('return-orders', {
      out_order_no: 'share-1',
      out_return_no: 'return-1',
      return_mchid: RECEIVER,
      amount: 600,
      description: '回退',
      ...more,
    })
  expect(await back({ return_mchid: '1900000099' })).toMatchObject(refusal(403, 'NO_AUTH', '回退方未开通分账回退功能'))
  expect(await back({ amount: 1001 })).toMatchObject(refusal(400, 'INVALID_REQUEST', '回退金额超过可回退金额'))
  expect(await back({ out_order_no: 'share-9' })).toMatchObject(refusal(404, 'RESOURCE_NOT_EXISTS', '记录不存在'))
  expect(await back()).toMatchObject({ body: { result: 'SUCCESS' } })
  expect(await back()).toMatchObject({ body: { result: 'SUCCESS' } })
  expect(await back({ amount: 1 })).toMatchObject(refusal(400, 'INVALID_REQUEST', '回退请求与原请求不一致'))
  expect(await back({ out_return_no: 'return-2', amount: 401 })).toMatchObject({ body: { message: '回退金额超过可回退金额' } })
  await control(shop, 'POST', '/balances', { mchid: RECEIVER, available: 0 })
  expect(await back({ out_return_no: 'return-2', amount: 400 })).toMatchObject({
    body: { result: 'FAILED', fail_reason: 'BALANCE_NOT_ENOUGH' },
  })
  await control(shop, 'POST', '/balances', { mchid: RECEIVER, available: 1000 })
  expect(await back({ out_return_no: 'return-3', amount: 400, description: 'sentinel:PROCESSING' })).toMatchObject({
    body: { result: 'PROCESSING' },
  })
  await shop.clock.advance(3 * SECONDS)
  expect(await shop.get('return-orders/return-3?out_order_no=share-1')).toMatchObject({ body: { result: 'SUCCESS' } })
  await shop.clock.advance(180 * DAYS)
  expect(await back({ out_return_no: 'return-4', amount: 1 })).toMatchObject(
    refusal(400, 'INVALID_REQUEST', '分账已超过可回退的最大期限(180天)'),
  )
})

test('receivers: added again they are the same, the name comes back sealed, a deleted one receives nothing', async () => {
  const shop = await aShop()
  const { appid, users, public_key, merchant_key } = shop.emulator.settings
  const person = { appid, type: 'PERSONAL_OPENID', account: users[1]?.openid }
  const add = (more: Record<string, unknown> = {}) => shop.post('receivers/add', { ...person, relation_type: 'STAFF', ...more })
  const { body } = await add({ name: sealSensitive(publicKey(public_key), '小红') })
  expect(openSensitive(privateKey(merchant_key), String(body['name']))).toBe('小红')
  expect(await add()).toMatchObject({ status: 200, body: { account: users[1]?.openid, relation_type: 'STAFF' } })
  expect(await add({ account: 'nobody' })).toMatchObject(refusal(400, 'PARAM_ERROR', '无效的openid'))
  expect(await shop.post('receivers/delete', person)).toMatchObject({ status: 200 })
  expect(await shop.post('receivers/delete', person)).toMatchObject(refusal(400, 'INVALID_REQUEST', '分账接收方关系不存在'))
  expect(await shop.share({ receivers: [{ ...receiver(1), type: 'PERSONAL_OPENID', account: users[1]?.openid }] })).toMatchObject({
    body: { message: '分账接收方关系不存在' },
  })
})

test('B12: a provider names the merchants that receive; it shares its sub-merchant’s order with itself and is told at the address it set', async () => {
  const world = await aWorld()
  const { sp_appid, sp_mchid, sub_mchid, sub_appid, public_key } = world.emulator.settings.sp
  const name = sealSensitive(publicKey(public_key), '服务商')
  await payPartner(world, shared)
  await world.emulator.deliverDue()
  const [payment] = world.emulator.truth().ledger
  const transaction_id = payment?.kind === 'payment' ? payment.transaction_id : ''
  const post = (path: string, body: Record<string, unknown>) => world.provider.call('POST', `${SHARING}/${path}`, { sub_mchid, ...body })
  const self = { type: 'MERCHANT_ID', account: sp_mchid }
  const nameless = await post('receivers/add', { appid: sp_appid, ...self, relation_type: 'SERVICE_PROVIDER' })
  expect(nameless).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR' }, why: expect.stringMatching(/^\/name: /) })
  await post('receivers/add', { appid: sp_appid, ...self, name, relation_type: 'SERVICE_PROVIDER' })
  expect(await post('receivers/add', { appid: sp_appid, type: 'PERSONAL_SUB_OPENID', account: 'o', relation_type: 'USER' })).toMatchObject(
    refusal(400, 'INVALID_REQUEST', '分账接收方类型为PERSONAL_SUB_OPENID时必须传入sub_appid'),
  )
  await post('receivers/add', {
    appid: sp_appid,
    sub_appid,
    type: 'PERSONAL_SUB_OPENID',
    account: world.emulator.settings.users[0]?.openids[sub_appid],
    relation_type: 'USER',
  })
  await control(world, 'POST', '/profit-sharing/notify-url', { mchid: sp_mchid, notify_url: 'https://shop.test/shared' })
  await world.clock.advance(MINUTES)
  const receivers = [{ ...self, name, amount: 500, description: '服务费' }]
  const without = { transaction_id, out_order_no: 'share-1', receivers: [receiver(500)], unfreeze_unsplit: true }
  expect(await post('orders', without)).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR' } })
  expect(await post('orders', { transaction_id, out_order_no: 'share-1', receivers, unfreeze_unsplit: true })).toMatchObject({
    status: 200,
  })
  await world.clock.advance(3 * SECONDS)
  expect(world.endpoint.received.at(-1)?.url).toBe('https://shop.test/shared')
  const { envelope, resource } = newest(world, world.provider)
  expect(envelope).toMatchObject({ event_type: 'TRANSACTION.SUCCESS', summary: '分账', resource: { original_type: 'profitsharing' } })
  expect(resource).toMatchObject({ sp_mchid, sub_mchid, receiver: { type: 'MERCHANT_ID', account: sp_mchid, amount: 500 } })

  await post('return-orders', { out_order_no: 'share-1', out_return_no: 'r1', return_mchid: sp_mchid, amount: 100, description: '回退' })
  await world.emulator.deliverDue()
  expect(newest(world, world.provider).resource).toMatchObject({ out_order_no: 'r1', receiver: { account: sub_mchid, amount: 100 } })
})

test('the ratio is told to providers only', async () => {
  const world = await aWorld()
  const path = `${SHARING}/merchant-configs/${world.emulator.settings.sp.sub_mchid}`
  expect((await world.provider.call('GET', path)).body).toEqual({ sub_mchid: '1900000003', max_ratio: 3000 })
  expect(await world.shop.call('GET', path)).toMatchObject(refusal(403, 'NO_AUTH', '商户无权限'))
})

test('the notify address must be that of a merchant who can open it', async () => {
  const world = await aWorld()
  const set = (mchid: string, notify_url: string) => control(world, 'POST', '/profit-sharing/notify-url', { mchid, notify_url })
  expect(await set('1900000003', 'https://a.test/')).toMatchObject({ status: 404, body: { code: 'MCHID_UNKNOWN' } })
  expect(await set('1900000001', 'nowhere')).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } })
  expect(await control(world, 'GET', '/profit-sharing')).toMatchObject({ body: { shares: [] } })
})
