// What each call sends, and what it makes of the answer.

import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { DELIVERY_MODE, LOGISTICS_TYPE, ORDER_NUMBER_TYPE, type ShippingUploadInput } from '../../src/index.ts'
import { aPlatform, errorOf, OPENID } from './platform.ts'

const session_key = 'HyVFkGl5F5OQWJZZaNzBBg=='
const session = { openid: OPENID, session_key }

describe('session keys', () => {
  const signature = createHmac('sha256', session_key).update('').digest('hex')

  test('a check sends the signature, not the key', async () => {
    const platform = aPlatform()
    expect(await platform.program().checkSessionKey(session)).toBe(true)
    expect(platform.seen).toEqual([
      {
        method: 'GET',
        path: '/wxa/checksession',
        query: { access_token: platform.token, openid: OPENID, signature, sig_method: 'hmac_sha256' },
        body: undefined,
      },
    ])
  })

  test('87009 is an answer, everything else an error', async () => {
    expect(
      await aPlatform({ '/wxa/checksession': () => ({ errcode: 87009, errmsg: 'invalid signature' }) })
        .program()
        .checkSessionKey(session),
    ).toBe(false)
    const busy = aPlatform({ '/wxa/checksession': () => ({ errcode: -1, errmsg: 'system error' }) })
    expect(await errorOf(busy.program().checkSessionKey(session))).toMatchObject({ errcode: -1, outcome: 'unknown' })
  })

  test('a reset gives the new key', async () => {
    const platform = aPlatform({ '/wxa/resetusersessionkey': () => ({ errcode: 0, errmsg: 'ok', openid: OPENID, session_key: 'new' }) })
    expect(await platform.program().resetUserSessionKey(session)).toEqual({ openid: OPENID, session_key: 'new' })
    expect(platform.seen[0]?.query).toMatchObject({ signature })
  })
})

describe('phone number', () => {
  const phone_info = {
    phoneNumber: '13800000000',
    purePhoneNumber: '13800000000',
    countryCode: '86',
    watermark: { timestamp: 1, appid: 'wx0123456789abcdef' },
  }

  test('of this program', async () => {
    const platform = aPlatform({ '/wxa/business/getuserphonenumber': () => ({ errcode: 0, errmsg: 'ok', phone_info }) })
    expect(await platform.program().phoneNumber({ code: 'e31968a7f94cc5ee25fafc2aef2773f0bb8c3937b22520eb8ee345274d00c144' })).toEqual(
      phone_info,
    )
    expect(platform.seen[0]).toMatchObject({ method: 'POST', query: { access_token: platform.token } })
  })

  test('of another', async () => {
    const other = { ...phone_info, watermark: { timestamp: 1, appid: 'wxother' } }
    const error = await errorOf(
      aPlatform({ '/wxa/business/getuserphonenumber': () => ({ phone_info: other }) })
        .program()
        .phoneNumber({ code: 'c' }),
    )
    expect(error).toMatchObject({ code: 'ERR_MESSAGE_TENANT' })
    expect(String(error)).not.toContain('13800000000')
  })
})

test('unionid of a payer', async () => {
  const platform = aPlatform({ '/wxa/getpaidunionid': () => ({ unionid: 'oUnion', errcode: 0, errmsg: 'ok' }) })
  expect(await platform.program().paidUnionid({ openid: OPENID, transaction_id: '4200000001' })).toBe('oUnion')
  expect(platform.seen[0]?.query).toEqual({ access_token: platform.token, openid: OPENID, transaction_id: '4200000001' })
  expect(await errorOf(platform.program().paidUnionid({ openid: OPENID, out_trade_no: 'ORDER-1' }))).toMatchObject({
    code: 'ERR_REQUEST_INVALID',
  })
})

test('links', async () => {
  const platform = aPlatform({
    '/wxa/generate_urllink': () => ({ errcode: 0, errmsg: 'ok', url_link: 'https://wxaurl.cn/x' }),
    '/wxa/generatescheme': () => ({ errcode: 0, errmsg: 'ok', openlink: 'weixin://dl/business/?t=x' }),
  })
  const program = platform.program()
  expect(await program.urlLink({ path: 'pages/index', query: 'a=1&b=2', expire_type: 1, expire_interval: 7 })).toBe('https://wxaurl.cn/x')
  expect(await program.urlScheme({ jump_wxa: { path: 'pages/index' }, is_expire: true, expire_type: 0, expire_time: 1764000000 })).toBe(
    'weixin://dl/business/?t=x',
  )
  for (const request of [
    { query: '中文' },
    { path: 'pages/index?a=1' },
    { expire_type: 1 },
    { expire_type: 1, expire_interval: 31 },
  ] as const) {
    expect(await errorOf(program.urlLink(request))).toMatchObject({ code: 'ERR_REQUEST_INVALID' })
  }
})

describe('subscribe message', () => {
  const message = (data: Record<string, string>) => ({
    touser: OPENID,
    template_id: 'T1',
    page: 'pages/order?id=1',
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, { value }])),
  })

  test('goes out as given', async () => {
    const platform = aPlatform()
    const given = message({
      thing1: '拿铁 大杯',
      amount2: '¥28.00元',
      time3: '2026年11月24日 10:00~12:30',
      date4: '2026-11-24',
      phrase5: '已发货',
      name6: '王小明',
      number7: '-3.5',
      character_string8: 'ORDER-1',
    })
    await platform.program().sendSubscribeMessage(given)
    expect(platform.seen[0]).toEqual({
      method: 'POST',
      path: '/cgi-bin/message/subscribe/send',
      query: { access_token: platform.token },
      body: given,
    })
  })

  test.each([
    { thing1: 'x'.repeat(21) },
    { number1: 'five' },
    { letter1: '中' },
    { symbol1: '******' },
    { character_string1: '中文' },
    { time1: '25:00' },
    { date1: 'tomorrow' },
    { amount1: '$12345678901' },
    { phone_number1: '0'.repeat(18) },
    { car_number1: '粤A8Z888888' },
    { name1: '王'.repeat(11) },
    { phrase1: '一二三四五六' },
    { thing1: '' },
  ])('%j breaks a rule', async (data) => {
    const platform = aPlatform()
    const error = await errorOf(platform.program().sendSubscribeMessage(message(data as unknown as Record<string, string>)))
    expect(error).toMatchObject({ code: 'ERR_REQUEST_INVALID', outcome: 'refused' })
    expect(platform.seen).toEqual([])
  })

  test('a user who did not subscribe is a plain no', async () => {
    const platform = aPlatform({
      '/cgi-bin/message/subscribe/send': () => ({ errcode: 43101, errmsg: `user refuse to accept the msg ${OPENID} rid: 1` }),
    })
    const error = await errorOf(platform.program().sendSubscribeMessage(message({ thing1: 'x' })))
    expect(error).toMatchObject({ errcode: 43101, outcome: 'refused', meaning: 'refused', hint: expect.stringContaining('subscribe') })
    expect(error.message).not.toContain(OPENID)
  })
})

describe('shipping', () => {
  const upload: ShippingUploadInput = {
    order_key: { order_number_type: ORDER_NUMBER_TYPE.OUT_TRADE_NO, mchid: '1900000001', out_trade_no: 'ORDER-0001' },
    logistics_type: LOGISTICS_TYPE.EXPRESS,
    delivery_mode: DELIVERY_MODE.UNIFIED,
    shipping_list: [{ tracking_no: '323244567777', express_company: 'YTO', item_desc: '咖啡豆' }],
    payer: { openid: OPENID },
  }

  test('an upload sends numbers for enums, and the time it is', async () => {
    const platform = aPlatform()
    await platform.clock.advance(120)
    await platform.program().shipping.upload(upload)
    expect(platform.seen[0]).toMatchObject({
      method: 'POST',
      path: '/wxa/sec/order/upload_shipping_info',
      query: { access_token: platform.token },
    })
    expect(platform.seen[0]?.body).toEqual({ ...upload, upload_time: '2026-11-24T10:00:00.120+08:00' })
    expect(platform.seen[0]?.body).toMatchObject({ order_key: { order_number_type: 1 }, logistics_type: 1, delivery_mode: 1 })
  })

  const bad = (change: object): ShippingUploadInput => ({ ...upload, ...change })
  const [parcel] = upload.shipping_list
  test.each([
    ['an enum as text', bad({ delivery_mode: '1' }), '/delivery_mode'],
    ['an enum by name', bad({ logistics_type: 'EXPRESS' }), '/logistics_type'],
    ['two parcels in one delivery', bad({ shipping_list: [parcel, parcel] }), '/shipping_list'],
    ['no parcel', bad({ shipping_list: [] }), '/shipping_list'],
    ['a split delivery in the same city', bad({ logistics_type: 2, delivery_mode: 2, is_all_delivered: true }), '/delivery_mode'],
    ['a split delivery that does not say whether it is all', bad({ delivery_mode: 2 }), '/is_all_delivered'],
    ['express without tracking number', bad({ shipping_list: [{ item_desc: 'x', express_company: 'YTO' }] }), '/shipping_list'],
    ['express without company', bad({ shipping_list: [{ item_desc: 'x', tracking_no: '1' }] }), '/shipping_list'],
    [
      '顺丰 without contact',
      bad({ shipping_list: [{ item_desc: 'x', tracking_no: '1', express_company: 'SF' }] }),
      '/shipping_list/0/contact',
    ],
    ['goods without name', bad({ shipping_list: [{ ...parcel, item_desc: '' }] }), '/shipping_list/0/item_desc'],
    ['a time without offset', bad({ upload_time: '2026-11-24 10:00:00' }), '/upload_time'],
    ['an order without number', bad({ order_key: { order_number_type: 2 } }), '/order_key/transaction_id'],
  ])('%s is not sent', async (_, given, field) => {
    const platform = aPlatform()
    const error = await errorOf(platform.program().shipping.upload(given))
    expect(error).toMatchObject({ code: 'ERR_REQUEST_INVALID', outcome: 'refused', facts: { field } })
    expect(error.message).toContain('source: miniprogram-server-api §8.3')
    expect(platform.seen).toEqual([])
  })

  test('with the check off, WeChat refuses', async () => {
    const platform = aPlatform({ '/wxa/sec/order/upload_shipping_info': () => ({ errcode: 47001, errmsg: 'data format error rid: 1' }) })
    const error = await errorOf(platform.program({ validate: false }).shipping.upload(bad({ delivery_mode: '1' })))
    expect(error).toMatchObject({ errcode: 47001, outcome: 'refused', hint: expect.stringContaining('numbers') })
  })

  test.each([
    [10060001, 'refused', 'retry'],
    [10060002, 'refused', 'refused'],
    [10060012, 'unknown', 'unknown'],
    [10060023, 'refused', 'refused'],
    [99999999, 'unknown', 'unknown'],
  ])('%i: %s, %s', async (errcode, outcome, meaning) => {
    const platform = aPlatform({ '/wxa/sec/order/upload_shipping_info': () => ({ errcode, errmsg: 'x' }) })
    expect(await errorOf(platform.program().shipping.upload(upload))).toMatchObject({ errcode, outcome, meaning, token_renewed: false })
  })

  test('a combined order, its keys of one kind', async () => {
    const platform = aPlatform()
    const { payer, ...shipment } = upload
    const order_key = { order_number_type: 2, transaction_id: '4200000009' } as const
    const combined = {
      order_key,
      sub_orders: [{ ...shipment, order_key: { order_number_type: 2, transaction_id: '4200000001' } as const }],
      payer,
    }
    await platform.program().shipping.uploadCombined(combined)
    expect(platform.seen[0]?.body).toEqual({ ...combined, upload_time: '2026-11-24T10:00:00.000+08:00' })
    expect(await errorOf(platform.program().shipping.uploadCombined({ ...combined, sub_orders: [shipment] }))).toMatchObject({
      facts: { field: '/sub_orders' },
    })
  })

  test('an order, and a page of orders', async () => {
    const order = {
      transaction_id: '42',
      merchant_id: '19',
      merchant_trade_no: 'ORDER-0001',
      order_state: 2,
      shipping: { finish_shipping_count: 1 },
    }
    const platform = aPlatform({
      '/wxa/sec/order/get_order': () => ({ errcode: 0, errmsg: 'ok', order }),
      '/wxa/sec/order/get_order_list': () => ({ errcode: 0, errmsg: 'ok', order_list: [order], last_index: 'i', has_more: true }),
    })
    const { shipping } = platform.program()
    expect(await shipping.getOrder({ merchant_id: '19', merchant_trade_no: 'ORDER-0001' })).toEqual(order)
    expect(await shipping.listOrders({ order_state: 2, page_size: 50 })).toEqual({ order_list: [order], last_index: 'i', has_more: true })
    expect(platform.seen.map((seen) => seen.body)).toEqual([
      { merchant_id: '19', merchant_trade_no: 'ORDER-0001' },
      { order_state: 2, page_size: 50 },
    ])
    expect(await errorOf(shipping.getOrder({ merchant_trade_no: 'ORDER-0001' }))).toMatchObject({ code: 'ERR_REQUEST_INVALID' })
  })

  test('an answer without the order cannot be trusted', async () => {
    const platform = aPlatform({ '/wxa/sec/order/get_order': () => ({ errcode: 0, errmsg: 'ok', order: {} }) })
    expect(await errorOf(platform.program().shipping.getOrder({ transaction_id: '42' }))).toMatchObject({ code: 'ERR_ANSWER_UNTRUSTED' })
  })

  test('reminder, jump path, and whether the service is open', async () => {
    const platform = aPlatform({
      '/wxa/sec/order/is_trade_managed': () => ({ errcode: 0, errmsg: 'ok', is_trade_managed: true }),
      '/wxa/sec/order/is_trade_management_confirmation_completed': () => ({ errcode: 0, errmsg: 'ok', completed: false }),
    })
    const { shipping } = platform.program()
    await shipping.remindToConfirm({ transaction_id: '42', received_time: 1764000000 })
    await shipping.setMessageJumpPath('pages/order/detail')
    expect(await shipping.isTradeManaged()).toBe(true)
    expect(await shipping.isTradeConfirmed()).toBe(false)
    expect(platform.seen.map(({ path, body }) => [path, body])).toEqual([
      ['/wxa/sec/order/notify_confirm_receive', { transaction_id: '42', received_time: 1764000000 }],
      ['/wxa/sec/order/set_msg_jump_path', { path: 'pages/order/detail' }],
      ['/wxa/sec/order/is_trade_managed', { appid: 'wx0123456789abcdef' }],
      ['/wxa/sec/order/is_trade_management_confirmation_completed', { appid: 'wx0123456789abcdef' }],
    ])
  })
})
