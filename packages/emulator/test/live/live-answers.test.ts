// The emulator's answers have the members of live ones, in their order, with the same ones empty; and every answer validates against the spec
// (v3-endpoints §2, v3-endpoints §4, v3-endpoints §6, v3-notifications §5, v3-notifications §6, v3-notifications §7).

import * as spec from '@cashdesk/protocol/spec'
import { expect, test } from 'vitest'
import { anOrder, aWorld, control, HOURS, JSAPI, MINUTES, newest, pay, place, query, refund, SECONDS, type World } from '../world.ts'
import * as live from './shapes.ts'

/** The members of a JSON text in their order, and what is empty. Values of other kinds are only named by their kind. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape)
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([name, member]) => [name, shape(member)])
  return value === '' ? '' : typeof value
}

const ORDER = { out_trade_no: 'live-0001', amount: { total: 300 } }

test('B4: an unpaid order, asked for', async () => {
  const world = await aWorld()
  await place(world, ORDER)
  const { text } = await query(world, 'live-0001')
  expect(JSON.parse(text)).toEqual(live.UNPAID_QUERY)
  expect(shape(JSON.parse(text))).toEqual(shape(live.UNPAID_QUERY))
  expect(spec.directTransaction.parse(JSON.parse(text))).toBeTruthy()
})

test('B4: a device and an attach that were given are told before the payment', async () => {
  const world = await aWorld()
  await place(world, { ...ORDER, attach: 'a=1', scene_info: { payer_client_ip: '127.0.0.1', device_id: 'POS-1' } })
  expect((await query(world, 'live-0001')).body).toMatchObject({ attach: 'a=1', scene_info: { device_id: 'POS-1' } })
})

test('B5: a paid order without attach, asked for and told', async () => {
  const world = await aWorld()
  await pay(world, ORDER)
  const { text } = await query(world, 'live-0001')
  expect(shape(JSON.parse(text))).toEqual(shape(live.PAID_QUERY))
  expect(spec.directTransaction.parse(JSON.parse(text))).toBeTruthy()
  await world.emulator.deliverDue()
  const { envelope, resource } = newest(world, world.shop)
  expect(shape(withoutCipher(envelope))).toEqual(shape(live.ENVELOPE))
  expect(shape(resource)).toEqual(shape(live.PAID_NOTICE))
  expect(spec.directTransaction.parse(resource)).toBeTruthy()
})

/** Both texts of the envelope that are never the same. */
function withoutCipher(envelope: Record<string, unknown>): unknown {
  return { ...envelope, resource: { ...(envelope['resource'] as object), ciphertext: '', nonce: '' } }
}

test('B5: a refund, made and told', async () => {
  const world = await aWorld()
  await pay(world, ORDER)
  const made = await refund(world, {
    out_trade_no: 'live-0001',
    out_refund_no: 'live-refund-1',
    notify_url: 'https://shop.test/refunded',
    amount: { refund: 100, total: 300, currency: 'CNY' },
  })
  expect(shape(JSON.parse(made.text))).toEqual(shape(live.REFUND))
  expect(spec.refund.parse(JSON.parse(made.text))).toBeTruthy()
  await world.clock.advance(4 * SECONDS)
  const { resource } = newest(world, world.shop)
  expect(shape(resource)).toEqual(shape(live.REFUND_NOTICE))
  expect(spec.refundNotice.parse(resource)).toBeTruthy()
})

test('B6: a share of which the rest is released: PENDING receivers at the epoch, the merchant as the last', async () => {
  const world = await aWorld()
  const { appid, mchid } = world.emulator.settings
  await pay(world, { ...ORDER, settle_info: { profit_sharing: true } })
  const transaction_id = String((await query(world, 'live-0001')).body['transaction_id'])
  const receiver = { type: 'MERCHANT_ID', account: '1900000002' }
  await world.shop.call('POST', '/v3/profitsharing/receivers/add', { appid, ...receiver, relation_type: 'PARTNER' })
  await world.clock.advance(MINUTES)
  const receivers = [{ ...receiver, amount: 50, description: '分给服务商' }]
  const request = { transaction_id, out_order_no: 'live-share-1', receivers, unfreeze_unsplit: true }
  const made = await world.shop.call('POST', '/v3/profitsharing/orders', request)
  const told = JSON.parse(made.text) as typeof live.SHARE
  expect(shape(told)).toEqual(shape(live.SHARE))
  expect(told.receivers.map(({ account, amount, description, finish_time }) => [account, amount, description, finish_time])).toEqual(
    live.SHARE.receivers.map(({ account, amount, description, finish_time }) => [account, amount, description, finish_time]),
  )
  expect(spec.shareCreate.answer?.parse(told)).toBeTruthy()

  // The rest is the merchant's own: it is released, neither shared nor told, and the books agree.
  await world.clock.advance(4 * SECONDS)
  const path = `/v3/profitsharing/orders/live-share-1?transaction_id=${transaction_id}`
  const done = JSON.parse((await world.shop.call('GET', path)).text) as typeof live.SHARE
  expect(done.receivers.map(({ result, finish_time }) => [result, finish_time])).toEqual([
    ['SUCCESS', '2026-11-24T10:01:03+08:00'],
    ['SUCCESS', '2026-11-24T10:01:03+08:00'],
  ])
  expect(world.emulator.truth().ledger.map(({ kind, amount }) => [kind, amount.total])).toEqual([
    ['payment', 300],
    ['share', 50],
    ['unfreeze', 248],
  ])
  const { balances } = (await control(world, 'GET', '/balances')).body as {
    balances: { mchid: string; available: number; frozen: number }[]
  }
  expect(balances.find((one) => one.mchid === mchid)).toMatchObject({ available: 248, frozen: 0 })
  expect(await world.shop.call('POST', '/v3/profitsharing/orders', { ...request, out_order_no: 'live-share-2' })).toMatchObject({
    status: 400,
    body: { message: '订单已完结分账，不支持分账' },
  })
})

test('B6: the released rest cannot be returned', async () => {
  const world = await aWorld()
  const { appid, mchid } = world.emulator.settings
  await pay(world, { ...ORDER, settle_info: { profit_sharing: true } })
  const transaction_id = String((await query(world, 'live-0001')).body['transaction_id'])
  const receiver = { type: 'MERCHANT_ID', account: '1900000002' }
  await world.shop.call('POST', '/v3/profitsharing/receivers/add', { appid, ...receiver, relation_type: 'PARTNER' })
  await world.clock.advance(MINUTES)
  const receivers = [{ ...receiver, amount: 50, description: '分' }]
  await world.shop.call('POST', '/v3/profitsharing/orders', { transaction_id, out_order_no: 's-1', receivers, unfreeze_unsplit: true })
  await world.clock.advance(4 * SECONDS)
  const returned = { out_order_no: 's-1', out_return_no: 'r-1', return_mchid: mchid, amount: 1, description: '退' }
  expect(await world.shop.call('POST', '/v3/profitsharing/return-orders', returned)).toMatchObject({ status: 400 })
  // B12: `|` may be in other numbers of profit sharing, not in this one.
  const barred = { ...returned, out_return_no: 'r|1', return_mchid: '1900000002' }
  expect(await world.shop.call('POST', '/v3/profitsharing/return-orders', barred)).toMatchObject({
    status: 400,
    body: { code: 'PARAM_ERROR' },
  })
})

async function combined(world: World, payer: Record<string, unknown>, sub_appid?: string): Promise<string> {
  const { sp_appid, sp_mchid, sub_mchid } = world.emulator.settings.sp
  const sub = (n: number, more: object = {}) => ({
    ...{ mchid: sp_mchid, sub_mchid, attach: `店铺${n}`, amount: { total_amount: 100 * n, currency: 'CNY' } },
    ...{ out_trade_no: `sub-000${n}`, description: `商品${n}`, ...more },
  })
  const { body } = await world.provider.call('POST', '/v3/combine-transactions/jsapi', {
    ...{ combine_appid: sp_appid, combine_mchid: sp_mchid, combine_out_trade_no: 'combine-0001' },
    sub_orders: [sub(1, sub_appid === undefined ? {} : { sub_appid }), sub(2)],
    ...{ combine_payer_info: payer, notify_url: 'https://shop.test/combined' },
  })
  return String(body['prepay_id'])
}

test('B7: a combined order paid by sub_openid tells the openid of each appid', async () => {
  const world = await aWorld()
  const { sp_appid, sub_appid } = world.emulator.settings.sp
  const { openids = {} } = world.emulator.settings.users[0] ?? {}
  const prepay_id = await combined(world, { sub_openid: openids[sub_appid] }, sub_appid)
  const fields = await world.provider.paymentFields(sub_appid, prepay_id)
  expect(world.emulator.cashier({ appId: sub_appid, openid: openids[sub_appid] ?? '', ...fields })).toEqual({ errMsg: 'requestPayment:ok' })
  await world.emulator.deliverDue()
  const { resource } = newest(world, world.provider)
  const asked = (await world.provider.call('GET', '/v3/combine-transactions/out-trade-no/combine-0001')).body
  for (const told of [resource, asked]) {
    expect(told).toMatchObject({
      combine_payer_info: { openid: openids[sp_appid] },
      sub_orders: [{ sub_appid, sub_openid: openids[sub_appid] }, {}],
    })
    const [, other] = (told as { sub_orders: object[] }).sub_orders
    expect(other).not.toHaveProperty('sub_openid')
    expect(spec.combineTransaction.parse(told)).toBeTruthy()
  }
})

test('B8: limit_pay is taken: alone, by a partner, combined', async () => {
  const world = await aWorld()
  expect(await world.shop.call('POST', JSAPI, anOrder(world, { limit_pay: ['no_credit'] }))).toMatchObject({ status: 200 })
  expect(await world.shop.call('POST', JSAPI, anOrder(world, { out_trade_no: 'order-0002', limit_pay: ['no_debit'] }))).toMatchObject({
    status: 400,
  })
})

test('B11: a refusal has its members in the order of live ones', async () => {
  const world = await aWorld()
  const zero = await world.shop.call('POST', JSAPI, anOrder(world, { amount: { total: 0 } }))
  expect(shape({ ...JSON.parse(zero.text), message: '' })).toEqual(shape(live.PARAM_ERROR))
  const forged = await world.shop.call('POST', JSAPI, anOrder(world), { message: 'else' })
  const { detail } = JSON.parse(forged.text) as typeof live.SIGN_ERROR
  const cut = { ...detail.sign_information, truncated_sign_message: '', url: '' }
  expect(shape({ ...JSON.parse(forged.text), detail: { ...detail, sign_information: cut } })).toEqual(shape(live.SIGN_ERROR))
  await pay(world, ORDER)
  const { mchid } = world.emulator.settings
  await control(world, 'POST', '/balances', { mchid, account: 'BASIC', available: 0 })
  const poor = await refund(world, { out_trade_no: 'live-0001', out_refund_no: 'r-1', amount: { refund: 1, total: 300, currency: 'CNY' } })
  expect(shape({ ...JSON.parse(poor.text), message: '' })).toEqual(shape(live.NOT_ENOUGH))
})

test('B4, B5: members of every other answer are sorted too: prepay_id, certificates, bills, transfers', async () => {
  const world = await aWorld({ keyKind: 'both' })
  await pay(world, ORDER)
  await world.clock.advance(24 * HOURS)
  const bill = await world.shop.call('GET', '/v3/bill/tradebill?bill_date=2026-11-24')
  const certificates = await world.shop.call('GET', '/v3/certificates')
  for (const { status, text } of [bill, certificates]) {
    expect(status).toBe(200)
    expect(text).toBe(JSON.stringify(sorted(JSON.parse(text))))
  }
})

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  )
}
