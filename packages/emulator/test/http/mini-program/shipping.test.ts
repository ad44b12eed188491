// Order shipping management: each errcode of its table that an upload can reach, and the one re-shipping (miniprogram-server-api §8.3, §8.4, §8.5).

import { expect, test } from 'vitest'
import { aWorld, control, pay, REFUNDS, SECONDS, type World } from '../../world.ts'
import { withToken } from './call.ts'

const UPLOAD = '/wxa/sec/order/upload_shipping_info'
const parcel = { tracking_no: '323244567777', express_company: 'YTO', item_desc: '咖啡豆' }

function anUpload({ emulator }: World, more: Record<string, unknown> = {}): Record<string, unknown> {
  const { mchid, users } = emulator.settings
  return {
    order_key: { order_number_type: 1, mchid, out_trade_no: 'order-0001' },
    logistics_type: 1,
    delivery_mode: 1,
    shipping_list: [parcel],
    upload_time: '2026-11-24T10:00:00.120+08:00',
    payer: { openid: users[0]?.openid },
    ...more,
  }
}

let second = 1
/** Later than any before. */
function later(): string {
  second += 1
  return new Date(Date.UTC(2026, 10, 24, 2, 0, second)).toISOString().replace('Z', '+00:00')
}

async function upload(world: World, more: Record<string, unknown> = {}): Promise<unknown> {
  return (await withToken(world, UPLOAD, anUpload(world, { upload_time: later(), ...more })))['errcode']
}

async function paidWorld(): Promise<World> {
  const world = await aWorld()
  await pay(world)
  return world
}

async function order(world: World): Promise<Record<string, unknown>> {
  const key = { merchant_id: world.emulator.settings.mchid, merchant_trade_no: 'order-0001' }
  return (await withToken(world, '/wxa/sec/order/get_order', key))['order'] as Record<string, unknown>
}

test.each<[string, Record<string, unknown>, number]>([
  ['an enum as text', { delivery_mode: '1' }, 47001],
  ['a list as an object', { shipping_list: parcel }, 47001],
  ['another kind of number', { order_key: { order_number_type: 3 } }, 268485194],
  ['no transaction_id', { order_key: { order_number_type: 2 } }, 268485195],
  ['no mchid', { order_key: { order_number_type: 1, out_trade_no: 'order-0001' } }, 268485196],
  ['no out_trade_no', { order_key: { order_number_type: 1, mchid: '1900000001' } }, 268485197],
  ['another way of delivery', { logistics_type: 5 }, 10060005],
  ['another mode', { delivery_mode: 3 }, 268485224],
  ['split but not express', { logistics_type: 2, delivery_mode: 2, is_all_delivered: true }, 10060006],
  ['split without a word', { delivery_mode: 2 }, 10060007],
  ['no goods', { shipping_list: [{ ...parcel, item_desc: '' }] }, 10060008],
  ['too many words', { shipping_list: [{ ...parcel, item_desc: '豆'.repeat(121) }] }, 10060009],
  ['too many parcels', { delivery_mode: 2, is_all_delivered: true, shipping_list: Array(16).fill(parcel) }, 10060024],
  ['a long company', { shipping_list: [{ ...parcel, express_company: 'Y'.repeat(129) }] }, 10060025],
  ['a long number', { shipping_list: [{ ...parcel, tracking_no: '1'.repeat(129) }] }, 10060026],
  ['no tracking number', { shipping_list: [{ express_company: 'YTO', item_desc: 'x' }] }, 268485226],
  ['no company', { shipping_list: [{ tracking_no: '1', item_desc: 'x' }] }, 268485227],
  ['two in one', { shipping_list: [parcel, parcel] }, 268485228],
  ['no such time', { upload_time: '2026-11-24 10:00:00' }, 268485216],
  ['顺丰 without contact', { shipping_list: [{ ...parcel, express_company: 'SF' }] }, 10060014],
  ['an unknown order', { order_key: { order_number_type: 1, mchid: '1900000001', out_trade_no: 'other-0001' } }, 10060001],
  ['somebody else', { payer: { openid: 'oSomebodyElse' } }, 10060031],
])('%s is refused and changes nothing', async (_, change, errcode) => {
  const world = await paidWorld()
  expect(await upload(world, change)).toBe(errcode)
  expect(await order(world)).toMatchObject({ order_state: 1, shipping: { finish_shipping_count: 0, shipping_list: [] } })
})

test('unknown fields pass', async () => {
  expect(await upload(await paidWorld(), { shipping_list: [{ ...parcel, colour: 'red' }], more: 1 })).toBe(0)
})

test('shipped, shipped anew once, and no more; the same again is no news', async () => {
  const world = await paidWorld()
  expect(await upload(world)).toBe(0)
  expect(await upload(world)).toBe(10060023)
  const other = { shipping_list: [{ ...parcel, tracking_no: '2' }] }
  expect(await upload(world, { ...other, upload_time: '2026-11-24T09:00:00+08:00' })).toBe(10060014)
  expect(await upload(world, other)).toBe(0)
  expect(await order(world)).toMatchObject({
    order_state: 2,
    shipping: { finish_shipping_count: 2, shipping_list: [{ tracking_no: '2' }] },
  })
  expect(await upload(world, { shipping_list: [{ ...parcel, tracking_no: '3' }] })).toBe(10060003)
})

test('split delivery is complete when it says so', async () => {
  const world = await paidWorld()
  const part = (tracking_no: string, is_all_delivered: boolean) => ({
    delivery_mode: 2,
    is_all_delivered,
    shipping_list: [{ ...parcel, tracking_no }],
  })
  expect(await upload(world, part('1', false))).toBe(0)
  expect(await upload(world, part('2', false))).toBe(0)
  expect(await order(world)).toMatchObject({ order_state: 1, shipping: { finish_shipping: false, shipping_list: [{}, {}] } })
  expect(await upload(world, part('3', true))).toBe(0)
  expect(await order(world)).toMatchObject({
    order_state: 2,
    shipping: { finish_shipping: true, finish_shipping_count: 1, shipping_list: [{}, {}, {}] },
  })
})

test('refunded is not shipped; confirmed is not shipped again', async () => {
  const world = await paidWorld()
  await upload(world)
  const { transaction_id } = await order(world)
  await control(world, 'POST', '/shipping/confirm', { transaction_id })
  expect(await upload(world, { shipping_list: [{ ...parcel, tracking_no: '2' }] })).toBe(10060002)
  expect((await control(world, 'POST', '/shipping/confirm', { transaction_id })).body).toMatchObject({ code: 'NOTHING_TO_CONFIRM' })

  const second = await paidWorld()
  const amount = { refund: 100, total: 100, currency: 'CNY' }
  await second.shop.call('POST', REFUNDS, { out_trade_no: 'order-0001', out_refund_no: 'r-1', amount })
  expect(await upload(second)).toBe(10060004)
  expect(await order(second)).toMatchObject({ order_state: 5 })
})

test('a payment is not visible at once where WeChat takes its time', async () => {
  const world = await paidWorld()
  await control(world, 'POST', '/behaviour', { shipping_visible_delay_ms: 60_000 })
  expect(await upload(world)).toBe(10060001)
  await world.clock.advance(60 * SECONDS)
  expect(await upload(world)).toBe(0)
})

test('who has not opened the service is told so', async () => {
  const world = await paidWorld()
  await control(world, 'POST', '/behaviour', { trade_managed: false })
  expect(await upload(world)).toBe(48001)
  const { appid } = world.emulator.settings
  expect(await withToken(world, '/wxa/sec/order/is_trade_managed', { appid })).toMatchObject({ is_trade_managed: false })
})

test('reminders: of what is shipped by express, after it was', async () => {
  const world = await paidWorld()
  const remind = async (received_time: number): Promise<unknown> => {
    const { transaction_id } = await order(world)
    return (await withToken(world, '/wxa/sec/order/notify_confirm_receive', { transaction_id, received_time }))['errcode']
  }
  const now = Math.floor(world.clock.now() / 1000)
  expect(await remind(now)).toBe(10060028)
  await upload(world, { logistics_type: 4, shipping_list: [{ item_desc: '自提' }] })
  expect(await remind(now)).toBe(10060032)
  await upload(world)
  expect(await remind(now - 1)).toBe(10060029)
  expect(await remind(now)).toBe(0)
  expect(await remind(now)).toBe(10060030)
})

test('a list goes on where it stopped', async () => {
  const world = await aWorld()
  for (const number of ['order-0001', 'order-0002', 'order-0003']) await pay(world, { out_trade_no: number })
  const list = (body: Record<string, unknown>) => withToken(world, '/wxa/sec/order/get_order_list', body)
  const first = await list({ page_size: 2 })
  expect(first).toMatchObject({ has_more: true, order_list: [{ merchant_trade_no: 'order-0001' }, { merchant_trade_no: 'order-0002' }] })
  expect(await list({ page_size: 2, last_index: first['last_index'] })).toMatchObject({
    has_more: false,
    order_list: [{ merchant_trade_no: 'order-0003' }],
  })
  expect(await list({ last_index: 'nowhere' })).toMatchObject({ errcode: 10060011 })
  const now = Math.floor(world.clock.now() / 1000)
  expect(await list({ pay_time_range: { begin_time: now + 1 } })).toMatchObject({ order_list: [] })
  expect(await list({ order_state: 2 })).toMatchObject({ order_list: [] })
  expect(await list({ openid: world.emulator.settings.users[1]?.openid })).toMatchObject({ order_list: [] })
})

test('the sub-orders of a combined order ship all or none; others do not belong to it', async () => {
  const world = await paidWorld()
  const { appid, mchid, users } = world.emulator.settings
  const openid = users[0]?.openid ?? ''
  const numbers = ['sub-0001', 'sub-0002']
  const sub = { mchid, attach: 'a', amount: { total_amount: 100, currency: 'CNY' }, description: '商品' }
  const { body } = await world.shop.call('POST', '/v3/combine-transactions/jsapi', {
    combine_appid: appid,
    combine_mchid: mchid,
    combine_out_trade_no: 'combine-0001',
    sub_orders: numbers.map((out_trade_no) => ({ ...sub, out_trade_no })),
    combine_payer_info: { openid },
    notify_url: 'https://shop.test/combined',
  })
  world.emulator.cashier({ appId: appid, openid, ...(await world.shop.paymentFields(appid, String(body['prepay_id']))) })

  const shipped = (out_trade_no: string) => {
    const { payer: _, upload_time: __, ...told } = anUpload(world, { order_key: { order_number_type: 1, mchid, out_trade_no } })
    return told
  }
  const order_key = { order_number_type: 1, mchid, out_trade_no: 'combine-0001' }
  const ship = async (given: string[]): Promise<unknown> => {
    const upload = { order_key, sub_orders: given.map(shipped), payer: { openid }, upload_time: later() }
    return (await withToken(world, '/wxa/sec/order/upload_combined_shipping_info', upload))['errcode']
  }
  const states = async (): Promise<unknown> =>
    ((await withToken(world, '/wxa/sec/order/get_order_list', {}))['order_list'] as Record<string, unknown>[]).map(
      (one) => one['order_state'],
    )
  expect(await ship(['sub-0001', 'order-0001'])).toBe(10060001)
  expect(await states()).toEqual([1, 1, 1])
  expect(await ship(numbers)).toBe(0)
  expect(await states()).toEqual([1, 2, 2])
})
