// A story in which everything happens that this WeChat keeps: each kind of record is made, and each setting is changed.

import { withToken } from './http/mini-program/call.ts'
import { callV2, placeAndPayV2 } from './v2.ts'
import { control, HOURS, MINUTES, pay, place, query, refund, type World } from './world.ts'

const SHARING = '/v3/profitsharing'
const RECEIVER = '1900000002'

/** Money: orders of every kind, refunds, shares, a transfer. */
export async function moneyMoves(world: World): Promise<void> {
  const { shop, emulator, clock } = world
  const { appid, mchid, users } = emulator.settings
  await control(world, 'POST', '/refunds/notify-url', { mchid, notify_url: 'https://shop.test/console' })
  await control(world, 'POST', '/profit-sharing/notify-url', { mchid: RECEIVER, notify_url: 'https://shop.test/shared' })
  await place(world, { out_trade_no: 'unpaid-1' })
  await shop.call('POST', '/v3/pay/transactions/out-trade-no/burnt-1/close', { mchid })
  await placeAndPayV2(world)
  await callV2(world, '/secapi/pay/refund', { out_trade_no: 'v2-order-0001', out_refund_no: 'r-1', total_fee: 100, refund_fee: 40 })
  await combined(world)
  await pay(world, { out_trade_no: 'shared-1', settle_info: { profit_sharing: true }, amount: { total: 10_000 } })
  await clock.advance(MINUTES)
  const { transaction_id } = (await query(world, 'shared-1')).body
  await shop.call('POST', `${SHARING}/receivers/add`, { appid, type: 'MERCHANT_ID', account: RECEIVER, relation_type: 'PARTNER' })
  const receivers = [{ type: 'MERCHANT_ID', account: RECEIVER, amount: 1000, description: '分给服务商' }]
  await shop.call('POST', `${SHARING}/orders`, { transaction_id, out_order_no: 'share-1', receivers, unfreeze_unsplit: false })
  await clock.advance(MINUTES)
  const returned = { out_order_no: 'share-1', out_return_no: 'return-1', return_mchid: RECEIVER, amount: 100, description: '退' }
  await shop.call('POST', `${SHARING}/return-orders`, returned)
  await shop.call('POST', '/v3/fund-app/mch-transfer/transfer-bills', {
    ...{ appid, out_bill_no: 'bill0001', transfer_scene_id: '1000', openid: users[0]?.openid },
    ...{ transfer_amount: 500, transfer_remark: '活动奖励', notify_url: 'https://shop.test/transferred' },
    transfer_scene_report_infos: [
      { info_type: '活动名称', info_content: '开业' },
      { info_type: '奖励说明', info_content: '红包' },
    ],
  })
}

async function combined({ shop, emulator }: World): Promise<void> {
  const { appid, mchid, users } = emulator.settings
  const sub = (n: number) => ({
    ...{ mchid, attach: `店铺${n}`, amount: { total_amount: 100 * n, currency: 'CNY' } },
    ...{ out_trade_no: `sub-000${n}`, description: `商品${n}` },
  })
  const { body } = await shop.call('POST', '/v3/combine-transactions/jsapi', {
    ...{ combine_appid: appid, combine_mchid: mchid, combine_out_trade_no: 'combine-0001', sub_orders: [sub(1), sub(2)] },
    ...{ combine_payer_info: { openid: users[0]?.openid }, notify_url: 'https://shop.test/combined' },
  })
  const fields = await shop.paymentFields(appid, String(body['prepay_id']))
  emulator.cashier({ appId: appid, openid: users[0]?.openid ?? '', ...fields })
}

/** The mini program and the people: a login, a message, a shipment, a push address, change in a wallet; the clock and the behaviour are moved too. */
export async function lifeGoesOn(world: World): Promise<void> {
  const { emulator, endpoint } = world
  const { appid, app_secret, mchid, users, base_url } = emulator.settings
  const openid = users[0]?.openid ?? ''
  endpoint.answer = () => new Response(new URL(endpoint.received.at(-1)?.url ?? '').searchParams.get('echostr') ?? 'later', { status: 200 })
  await control(world, 'POST', '/message-push', { appid, url: 'https://shop.test/push', token: 'CashdeskPush1' })
  await control(world, 'POST', '/subscriptions', { appid, template_id: 'T1', times: 2 })
  const code = emulator.login({ appid, openid }).code
  const login = new URLSearchParams({ appid, secret: app_secret, js_code: code, grant_type: 'authorization_code' })
  await emulator.fetch(new Request(`${base_url}/sns/jscode2session?${login}`))
  await withToken(world, '/cgi-bin/message/subscribe/send', { touser: openid, template_id: 'T1', data: { thing1: { value: 'x' } } })
  await withToken(world, '/wxa/sec/order/set_msg_jump_path', { path: 'pages/order' })
  await pay(world)
  await withToken(world, '/wxa/sec/order/upload_shipping_info', {
    ...{ order_key: { order_number_type: 1, mchid, out_trade_no: 'order-0001' }, logistics_type: 4, delivery_mode: 1 },
    ...{ shipping_list: [{ item_desc: '自提' }], upload_time: '2026-11-24T10:00:00+08:00', payer: { openid } },
  })
  await control(world, 'POST', '/users', { name: '小刚' })
  await control(world, 'POST', '/wallets', { name: '小刚', change: 12_345 })
  await control(world, 'POST', '/behaviour', { fee_rate: 38 })
  await control(world, 'POST', '/clock', { advance_ms: HOURS })
  await pay(world, { out_trade_no: 'order-0002' })
  await refund(world, { out_trade_no: 'order-0002' })
}
