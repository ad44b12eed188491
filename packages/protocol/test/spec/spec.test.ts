// The specification: what orders may contain, how paths are filled, and what a refusal means.

import { describe, expect, test } from 'vitest'
import { fillPath, outcomeOf, V3_ENDPOINTS, V3_ERRORS, type V3EndpointName } from '../../src/index.ts'
import * as spec from '../../src/spec/index.ts'

const order: spec.JsapiOrder = {
  appid: 'wx0123456789abcdef',
  mchid: '1900000001',
  description: '拿铁',
  out_trade_no: 'ORDER0001',
  notify_url: 'https://pay.example.com/wechat/shop/notify/payment',
  amount: { total: 1, currency: 'CNY' },
  payer: { openid: 'o-user' },
}

test('the smallest order and an order with every field are valid', () => {
  expect(spec.jsapiOrder.body?.safeParse(order).success).toBe(true)
  const full: spec.JsapiOrder = {
    ...order,
    time_expire: '2026-11-24T18:30:00+08:00',
    attach: 'a',
    goods_tag: 'g',
    support_fapiao: true,
    detail: {
      cost_price: 2,
      invoice_id: 'i',
      goods_detail: [{ merchant_goods_id: 'latte', goods_name: '拿铁', quantity: 1, unit_price: 1 }],
    },
    scene_info: { payer_client_ip: '127.0.0.1', device_id: 'd', store_info: { id: 's', name: 'n', area_code: '440305', address: 'x' } },
    settle_info: { profit_sharing: false },
  }
  expect(spec.jsapiOrder.body?.safeParse(full).success).toBe(true)
})

test.each([
  ['an unknown field', { ...order, extra: 1 }],
  ['null', { ...order, attach: null }],
  ['a total of 0', { ...order, amount: { total: 0 } }],
  ['a fraction of a fen', { ...order, amount: { total: 1.5 } }],
  ['text for a number', { ...order, amount: { total: '1' } }],
  ['another currency', { ...order, amount: { total: 1, currency: 'USD' } }],
  ['a number of 5 characters', { ...order, out_trade_no: 'SHORT' }],
  ['a number with a slash', { ...order, out_trade_no: 'ORDER/0001' }],
  ['an emoji in the description', { ...order, description: '☕️🎉' }],
  ['a description of 128 characters', { ...order, description: '字'.repeat(128) }],
  ['a notify_url with a query', { ...order, notify_url: 'https://pay.example.com/n?a=1' }],
  ['no payer', { ...order, payer: undefined }],
  [
    'a detail above 6144 bytes',
    {
      ...order,
      detail: {
        goods_detail: Array.from({ length: 60 }, () => ({
          merchant_goods_id: 'x',
          goods_name: '字'.repeat(50),
          quantity: 1,
          unit_price: 1,
        })),
      },
    },
  ],
])('refused: %s', (_, body) => {
  expect(spec.jsapiOrder.body?.safeParse(body).success).toBe(false)
})

describe('a partner order', () => {
  const { appid: _, mchid: __, payer: ___, ...common } = order
  const partner = { ...common, sp_appid: 'wxsp', sp_mchid: '1900000002', sub_mchid: '1900000003' }
  test.each([
    ['names the payer under the provider', { ...partner, payer: { sp_openid: 'o' } }, true],
    ['names the payer under the sub-merchant with its program', { ...partner, sub_appid: 'wxsub', payer: { sub_openid: 'o' } }, true],
    ['names no payer', { ...partner, payer: {} }, false],
    ['names two', { ...partner, sub_appid: 'wxsub', payer: { sp_openid: 'o', sub_openid: 'o' } }, false],
    ['names a sub_openid without its program', { ...partner, payer: { sub_openid: 'o' } }, false],
  ])('%s: %s', (_, body, fits) => {
    expect(spec.partnerJsapiOrder.body?.safeParse(body).success).toBe(fits)
  })
})

test('a field that WeChat adds later passes through an answer', () => {
  const answer = { appid: 'a', mchid: 'm', out_trade_no: 'o', trade_state: 'NOTPAY', trade_state_desc: '订单未支付', brand_new: 1 }
  expect(spec.directTransaction.parse(answer)).toEqual(answer)
})

test.each([
  ['ORDER|1*', '/v3/pay/transactions/out-trade-no/ORDER%7C1*'],
  ['../x?y#z', '/v3/pay/transactions/out-trade-no/..%2Fx%3Fy%23z'],
])('D17: %s cannot leave its place in the path', (out_trade_no, path) => {
  expect(fillPath(spec.jsapiQueryByOutTradeNo.path, { out_trade_no })).toBe(path)
})

test.each(['', '.', '..'])('D17: %j is refused as a path part', (out_trade_no) => {
  expect(() => fillPath(spec.jsapiQueryByOutTradeNo.path, { out_trade_no })).toThrow(TypeError)
})

test('the specification has every endpoint, with the path and the refusals that the SDK reads', () => {
  const specified = new Map<string, unknown>(Object.entries(spec))
  for (const name of Object.keys(V3_ENDPOINTS) as V3EndpointName[]) {
    expect(specified.get(name)).toMatchObject({ ...V3_ENDPOINTS[name], errors: V3_ERRORS[name] })
  }
})

test.each(Object.entries(V3_ERRORS))('a signed refusal of %s has the outcome that its table says', (name, errors) => {
  for (const { status, code, meaning } of errors) {
    const expected = meaning === 'unknown' ? 'unknown' : 'refused'
    expect(`${code} ${outcomeOf(name as V3EndpointName, status, code, true)}`).toBe(`${code} ${expected}`)
  }
})

test.each([
  ['jsapiOrder', 400, 'ORDERPAID', 'unknown'],
  ['jsapiClose', 400, 'ORDER_PAID', 'refused'],
  // For a path that is not in the specification the worst case is assumed.
  [undefined, 400, 'ORDER_PAID', 'unknown'],
  [undefined, 403, 'OUTTRADENOUSED', 'unknown'],
  ['refundCreate', 400, 'ORDER_PAID', 'unknown'],
  // A code that WeChat adds later.
  ['jsapiOrder', 400, 'BRAND_NEW', 'refused'],
  ['jsapiOrder', 500, 'BRAND_NEW', 'unknown'],
  ['jsapiOrder', 302, 'BRAND_NEW', 'unknown'],
  // The code of a refusal with the status of an unknown outcome.
  ['jsapiOrder', 500, 'PARAM_ERROR', 'unknown'],
  ['jsapiOrder', 500, 'OPENIDMISMATCH', 'refused'],
  // The code of an unknown outcome with the status of a refusal.
  ['jsapiOrder', 400, 'SYSTEMERROR', 'unknown'],
] as const)('%s %s %s: %s', (name, status, code, outcome) => {
  expect(outcomeOf(name, status, code, true)).toBe(outcome)
})

test('an unsigned refusal proves nothing, except a 401', () => {
  expect(outcomeOf('jsapiQueryById', 404, 'ORDER_NOT_EXIST', false)).toBe('unknown')
  expect(outcomeOf('jsapiOrder', 400, 'PARAM_ERROR', false)).toBe('unknown')
  expect(outcomeOf('jsapiOrder', 401, 'SIGN_ERROR', false)).toBe('refused')
})
