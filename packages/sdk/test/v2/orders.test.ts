// Orders in v2: direct and for a sub-merchant, in both sign types; and what every kind of answer says about whether it happened.

import { apiV2Key, formatFields, sealV2, verifyV2RequestPayment } from '@cashdesk/protocol/v2'
import { describe, expect, test } from 'vitest'
import { ApiError, isRefused } from '../../src/v2/index.ts'
import { type Answer, APPID, anOrder, aWechatV2, errorOf, KEY, MCH_ID, OPENID } from './wechat-v2.ts'

const prepay = { trade_type: 'JSAPI', prepay_id: 'wx201410272009395522657a690389285100' }
const ordering = (answer: Answer) => aWechatV2({ answers: { '/pay/unifiedorder': () => answer } })

describe.each(['MD5', 'HMAC-SHA256'] as const)('signed with %s', (signType) => {
  test('order, pay fields, query', async () => {
    const paid = {
      ...prepay,
      trade_state: 'SUCCESS',
      total_fee: 2800,
      cash_fee: 2800,
      openid: OPENID,
      out_trade_no: 'ORDER-0001',
      transaction_id: '42',
      time_end: '20261124100000',
    }
    const { client, seen } = aWechatV2({ signType, answers: { '/pay/unifiedorder': () => prepay, '/pay/orderquery': () => paid } })
    const { prepay_id } = await client.unifiedOrder(anOrder())
    expect(prepay_id).toBe(prepay.prepay_id)
    expect(seen[0]?.fields).toMatchObject({
      appid: APPID,
      mch_id: MCH_ID,
      trade_type: 'JSAPI',
      total_fee: '2800',
      body: '拿铁 & <大杯>',
      sign_type: signType,
    })
    expect(seen[0]?.fields['nonce_str']).toMatch(/^[0-9A-F]{32}$/)

    const fields = client.requestPayment({ prepay_id })
    expect(fields).toMatchObject({ timeStamp: '1795485600', package: `prepay_id=${prepay_id}`, signType })
    expect(verifyV2RequestPayment({ key: apiV2Key(KEY), signType }, APPID, fields)).toBe(true)

    expect(await client.orderQuery({ out_trade_no: 'ORDER-0001' })).toMatchObject({
      trade_state: 'SUCCESS',
      total_fee: 2800,
      transaction_id: '42',
    })
    expect(await client.orderQuery({ transaction_id: '42', out_trade_no: 'OTHER-9999' })).toMatchObject({ trade_state: 'SUCCESS' })
  })
})

test('an order for a sub-merchant, paid in its own program', async () => {
  const { client, seen } = ordering({ ...prepay, sub_mch_id: '1900000003' })
  const order = anOrder({ openid: undefined, sub_mch_id: '1900000003', sub_appid: 'wxsub', sub_openid: 'oSub' })
  expect(await client.unifiedOrder(order)).toMatchObject({ sub_mch_id: '1900000003', prepay_id: prepay.prepay_id })
  expect(seen[0]?.fields).toMatchObject({ sub_mch_id: '1900000003', sub_appid: 'wxsub', sub_openid: 'oSub' })
  const fields = client.requestPayment({ prepay_id: prepay.prepay_id, appid: 'wxsub' })
  expect(verifyV2RequestPayment({ key: apiV2Key(KEY), signType: 'HMAC-SHA256' }, 'wxsub', fields)).toBe(true)
})

test.each([
  ['no payer', { openid: undefined }, '/openid'],
  ['two payers', { sub_openid: 'o', sub_appid: 'wxsub', sub_mch_id: '1900000003' }, '/openid'],
  ['a sub_openid without its program', { openid: undefined, sub_openid: 'o', sub_mch_id: '1900000003' }, '/sub_appid'],
  ['D32: yuan', { total_fee: 28.5 }, '/total_fee'],
  ['nothing to pay', { total_fee: 0 }, '/total_fee'],
  ['a number too short', { out_trade_no: 'A1' }, '/out_trade_no'],
  ['an address with a query', { notify_url: 'https://pay.example.com/notify?a=1' }, '/notify_url'],
  ['goods of 128 bytes', { body: '中'.repeat(43) }, '/body'],
  ['no address of the payer', { spbill_create_ip: 'localhost' }, '/spbill_create_ip'],
])('%s: not sent', async (_, change, field) => {
  const { client, seen } = ordering(prepay)
  const error = await errorOf(client.unifiedOrder(anOrder(change)))
  expect(error).toMatchObject({ code: 'ERR_REQUEST_INVALID', outcome: 'refused', facts: { field } })
  expect(seen).toEqual([])
})

test('with the check off, what XML cannot carry is refused all the same', async () => {
  const { client, seen } = aWechatV2({ validate: false, answers: {} })
  expect(await errorOf(client.unifiedOrder(anOrder({ attach: 'a\u0000b' })))).toMatchObject({
    code: 'ERR_REQUEST_INVALID',
    outcome: 'refused',
  })
  expect(seen).toEqual([])
})

describe('did it happen?', () => {
  const fail = (err_code: string): Answer => ({ result_code: 'FAIL', err_code, err_code_des: 'why' })
  test.each([
    ['NOTENOUGH', 'refused'],
    ['PARAM_ERROR', 'refused'],
    ['ORDERCLOSED', 'refused'],
    ['SIGNERROR', 'refused'],
    ['SYSTEMERROR', 'unknown'],
    ['BIZERR_NEED_RETRY', 'unknown'],
    ['ORDERPAID', 'unknown'],
    ['OUT_TRADE_NO_USED', 'unknown'],
    ['NEVER_HEARD_OF', 'unknown'],
  ])('a signed %s: %s', async (err_code, outcome) => {
    const error = await errorOf(ordering(fail(err_code)).client.unifiedOrder(anOrder()))
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ outcome, refusal: { status: 200, code: err_code, message: 'why', signed: true } })
    expect(isRefused(error)).toBe(outcome === 'refused')
  })

  test.each<[string, string, object]>([
    [
      'a FAIL of return_code, which is never signed',
      formatFields({ return_code: 'FAIL', return_msg: '签名错误' }),
      { code: 'ERR_API_UNKNOWN', refusal: { signed: false, message: '签名错误' } },
    ],
    [
      'the same with a plain no in it',
      formatFields({ return_code: 'FAIL', return_msg: 'x', err_code: 'PARAM_ERROR' }),
      { code: 'ERR_API_UNKNOWN' },
    ],
    [
      'D25: a success without sign',
      formatFields({ return_code: 'SUCCESS', result_code: 'SUCCESS', appid: APPID, mch_id: MCH_ID, ...prepay }),
      { code: 'ERR_ANSWER_UNTRUSTED', cause: { code: 'ERR_SIGN_MISSING' } },
    ],
    [
      'D25: a refusal without sign',
      formatFields({ return_code: 'SUCCESS', result_code: 'FAIL', err_code: 'PARAM_ERROR' }),
      { code: 'ERR_ANSWER_UNTRUSTED' },
    ],
    [
      'D26: a success signed with the weaker type',
      sealV2(
        { key: apiV2Key(KEY), signType: 'MD5' },
        { return_code: 'SUCCESS', result_code: 'SUCCESS', appid: APPID, mch_id: MCH_ID, sign_type: 'MD5', ...prepay },
      ),
      { code: 'ERR_ANSWER_UNTRUSTED', cause: { code: 'ERR_SIGNATURE_TYPE' } },
    ],
    [
      'a success signed with another key',
      sealV2(
        { key: apiV2Key('x'.repeat(32)), signType: 'HMAC-SHA256' },
        { return_code: 'SUCCESS', result_code: 'SUCCESS', mch_id: MCH_ID, ...prepay },
      ),
      { cause: { code: 'ERR_SIGNATURE_MISMATCH' } },
    ],
    ['HTML of a gateway', '<html><body>502 Bad Gateway</body></html>', { code: 'ERR_ANSWER_UNTRUSTED' }],
    [
      'an attack by entities',
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><return_code>&e;</return_code></xml>',
      { code: 'ERR_ANSWER_UNTRUSTED' },
    ],
    ['nothing', '', { code: 'ERR_ANSWER_UNTRUSTED' }],
  ])('%s: unknown', async (_, answer, expected) => {
    expect(await errorOf(ordering(answer).client.unifiedOrder(anOrder()))).toMatchObject({ outcome: 'unknown', ...expected })
  })

  test('a success without prepay_id, or of another merchant', async () => {
    expect(await errorOf(ordering({ trade_type: 'JSAPI' }).client.unifiedOrder(anOrder()))).toMatchObject({ code: 'ERR_ANSWER_UNTRUSTED' })
    expect(await errorOf(ordering({ ...prepay, mch_id: '10000101' }).client.unifiedOrder(anOrder()))).toMatchObject({
      cause: { code: 'ERR_MESSAGE_TENANT' },
    })
  })

  test('an answer about another order than asked for', async () => {
    const other = { trade_state: 'SUCCESS', out_trade_no: 'ORDER-0002', total_fee: 2800 }
    const { client } = aWechatV2({ answers: { '/pay/orderquery': () => other } })
    expect(await errorOf(client.orderQuery({ out_trade_no: 'ORDER-0001' }))).toMatchObject({
      code: 'ERR_ANSWER_UNTRUSTED',
      outcome: 'unknown',
    })
  })

  test('D32: an amount in yuan', async () => {
    const { client } = aWechatV2({
      answers: { '/pay/orderquery': () => ({ trade_state: 'SUCCESS', out_trade_no: 'ORDER-0001', total_fee: '28.00' }) },
    })
    expect(await errorOf(client.orderQuery({ out_trade_no: 'ORDER-0001' }))).toMatchObject({
      code: 'ERR_ANSWER_UNTRUSTED',
      cause: { code: 'ERR_MESSAGE_SHAPE' },
    })
  })
})

describe('closing', () => {
  const closing = (answer: Answer) =>
    aWechatV2({ answers: { '/pay/closeorder': () => answer } }).client.closeOrder({ out_trade_no: 'ORDER-0001' })
  test('is done, also where it was done before', async () => {
    await closing({})
    await closing({ result_code: 'FAIL', err_code: 'ORDERCLOSED' })
  })
  test('is not done where the order is paid', async () => {
    expect(await errorOf(closing({ result_code: 'FAIL', err_code: 'ORDERPAID' }))).toMatchObject({ refusal: { code: 'ORDERPAID' } })
  })
})

describe('network', () => {
  const hosts = ['https://one.test', 'https://two.test']

  test('the second entry is tried where the first gave no answer, freshly signed', async () => {
    const { client, seen } = aWechatV2({
      baseURL: hosts,
      answers: { '/pay/unifiedorder': () => prepay },
      network: (request, wechat) =>
        request.url.startsWith('https://one') ? Promise.reject(new TypeError('fetch failed')) : wechat(request),
    })
    await client.unifiedOrder(anOrder())
    expect(seen.map((one) => one.host)).toEqual(['two.test'])
  })

  test('not where it answered, whatever it said', async () => {
    const { client, seen } = aWechatV2({ baseURL: hosts, answers: { '/pay/unifiedorder': () => '<html/>' } })
    await errorOf(client.unifiedOrder(anOrder()))
    expect(seen).toHaveLength(1)
  })

  test('a stalled answer ends at the deadline', async () => {
    const { client, clock } = aWechatV2({
      baseURL: hosts,
      answers: {},
      deadline_ms: 3000,
      validate: false,
      network: () => new Promise(() => {}),
    })
    const ending = expect(client.unifiedOrder(anOrder())).rejects.toMatchObject({ code: 'ERR_DEADLINE', outcome: 'unknown' })
    await clock.advance(3000)
    await ending
  })
})

test('a configuration that cannot work is told at once', () => {
  const options = { answers: {} }
  expect(() => aWechatV2({ ...options, apiV2Key: 'short' })).toThrow(expect.objectContaining({ code: 'ERR_KEY_INVALID' }))
  expect(() => aWechatV2({ ...options, mch_id: 'x' })).toThrow(TypeError)
  // @ts-expect-error: a sign type learnt from elsewhere is not one.
  expect(() => aWechatV2({ ...options, signType: 'md5' })).toThrow()
})
