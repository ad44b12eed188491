// Did it happen? Every verb × every odd answer: the error is typed, and says that the outcome is unknown.

import { generateKeys, virtualClock } from '@cashdesk/emulator'
import { privateKey, signAnswer } from '@cashdesk/protocol'
import { describe, expect, test } from 'vitest'
import { CashdeskError, createWechatPay, isRefused, UnreadableAnswerError, type WechatPay } from '../src/index.ts'
import type { WechatPayV2 } from '../src/v2/index.ts'
import { anOrder, aWechatV2 } from './v2/wechat-v2.ts'
import { IDS, NOW } from './wechat.ts'

const keys = generateKeys(NOW)

/** A client whose every request is answered so; `sign` is how WeChat signs a body. */
async function answered(answer: (sign: (body: string, change?: Record<string, string>) => Promise<Headers>) => Promise<Response>) {
  const { direct } = await keys
  const clock = virtualClock(NOW)
  let sent = 0
  const sign = async (body: string, change: Record<string, string> = {}): Promise<Headers> => {
    const by = { serial: direct.public_key_id, privateKey: privateKey(direct.public_key_private) }
    return new Headers({ ...(await signAnswer(by, body, clock.now(), 'n')), ...change })
  }
  const client = createWechatPay({
    mchid: IDS.mchid,
    signer: { serial_no: direct.merchant_serial, privateKey: direct.merchant_key },
    apiV3Key: direct.api_v3_key,
    publicKeys: { [direct.public_key_id]: direct.public_key },
    clock,
    retries: 0,
    validate: false,
    fetch: () => {
      sent++
      return answer(sign)
    },
  })
  return { client, sent: () => sent }
}

const order = { appid: 'wx', description: '拿铁', notify_url: 'https://x.test/', amount: { total: 1 }, payer: { openid: 'o' } }
const sub = { mchid: IDS.mchid, attach: 'a', amount: { total_amount: 1, currency: 'CNY' as const }, description: '拿铁' }

/** Verbs whose answer has no body are done with any 2xx that is signed. */
const WITHOUT_BODY = ['transactions.close', 'partner.close', 'combine.close']

const VERBS: Readonly<Record<string, (c: WechatPay) => Promise<unknown>>> = {
  'transactions.jsapi': (c) => c.transactions.jsapi({ ...order, out_trade_no: 'ORDER-1' }),
  'transactions.byOutTradeNo': (c) => c.transactions.byOutTradeNo('ORDER-1'),
  'transactions.byTransactionId': (c) => c.transactions.byTransactionId('42'),
  'transactions.close': (c) => c.transactions.close('ORDER-1'),
  'partner.jsapi': (c) => c.partner.jsapi({ ...order, sp_appid: 'wx', sub_mchid: '1', out_trade_no: 'ORDER-1', payer: { sp_openid: 'o' } }),
  'partner.byOutTradeNo': (c) => c.partner.byOutTradeNo({ out_trade_no: 'ORDER-1', sub_mchid: '1' }),
  'partner.byTransactionId': (c) => c.partner.byTransactionId({ transaction_id: '42', sub_mchid: '1' }),
  'partner.close': (c) => c.partner.close({ out_trade_no: 'ORDER-1', sub_mchid: '1' }),
  'combine.jsapi': (c) =>
    c.combine.jsapi({
      combine_appid: 'wx',
      combine_out_trade_no: 'C-1',
      sub_orders: [{ ...sub, out_trade_no: 'S-1' }],
      combine_payer_info: { openid: 'o' },
    }),
  'combine.byOutTradeNo': (c) => c.combine.byOutTradeNo('C-1'),
  'combine.close': (c) =>
    c.combine.close({ combine_out_trade_no: 'C-1', combine_appid: 'wx', sub_orders: [{ mchid: IDS.mchid, out_trade_no: 'S-1' }] }),
  'refunds.create': (c) =>
    c.refunds.create({ out_trade_no: 'ORDER-1', out_refund_no: 'R-1', amount: { refund: 1, total: 1, currency: 'CNY' } }),
  'refunds.query': (c) => c.refunds.query({ out_refund_no: 'R-1' }),
  'refunds.applyAbnormal': (c) => c.refunds.applyAbnormal({ refund_id: '50', out_refund_no: 'R-1', type: 'MERCHANT_BANK_CARD' }),
  'profitSharing.share': (c) =>
    c.profitSharing.share({
      transaction_id: '42',
      out_order_no: 'P-1',
      receivers: [{ type: 'MERCHANT_ID', account: '1', amount: 1, description: 'x' }],
      unfreeze_unsplit: true,
    }),
  'profitSharing.query': (c) => c.profitSharing.query({ out_order_no: 'P-1', transaction_id: '42' }),
  'profitSharing.unfreeze': (c) => c.profitSharing.unfreeze({ transaction_id: '42', out_order_no: 'P-1', description: 'x' }),
  'profitSharing.return': (c) =>
    c.profitSharing.return({ out_order_no: 'P-1', out_return_no: 'B-1', return_mchid: '1', amount: 1, description: 'x' }),
  'profitSharing.queryReturn': (c) => c.profitSharing.queryReturn({ out_return_no: 'B-1', out_order_no: 'P-1' }),
  'profitSharing.unsplitAmount': (c) => c.profitSharing.unsplitAmount('42'),
  'profitSharing.addReceiver': (c) =>
    c.profitSharing.addReceiver({ appid: 'wx', type: 'MERCHANT_ID', account: '1', relation_type: 'STORE' }),
  'profitSharing.deleteReceiver': (c) => c.profitSharing.deleteReceiver({ appid: 'wx', type: 'MERCHANT_ID', account: '1' }),
  'profitSharing.config': (c) => c.profitSharing.config('1'),
  'transfers.create': (c) =>
    c.transfers.create({
      appid: 'wx',
      out_bill_no: 'T1',
      transfer_scene_id: '1',
      openid: 'o',
      transfer_amount: 1,
      transfer_remark: 'x',
      transfer_scene_report_infos: [],
    }),
  'transfers.byOutBillNo': (c) => c.transfers.byOutBillNo('T1'),
  'transfers.byBillNo': (c) => c.transfers.byBillNo('1330'),
  'transfers.cancel': (c) => c.transfers.cancel('T1'),
  'bills.applyTrade': (c) => c.bills.applyTrade({ bill_date: '2026-11-23' }),
  'bills.applyFundFlow': (c) => c.bills.applyFundFlow({ bill_date: '2026-11-23' }),
  'bills.applyProfitSharing': (c) => c.bills.applyProfitSharing({ bill_date: '2026-11-23' }),
}

type Odd = Parameters<typeof answered>[0]
const ODD: Readonly<Record<string, Odd>> = {
  'signed {}': async (sign) => new Response('{}', { headers: await sign('{}') }),
  'signed null': async (sign) => new Response('null', { headers: await sign('null') }),
  'signed []': async (sign) => new Response('[]', { headers: await sign('[]') }),
  'a signed text': async (sign) => new Response('"ok"', { headers: await sign('"ok"') }),
  'a signed number': async (sign) => new Response('7', { headers: await sign('7') }),
  'numbers for texts': async (sign) => {
    const body = '{"prepay_id":1,"refund_id":2,"out_trade_no":3,"trade_state":4,"state":5,"order_id":6,"type":7,"result":8}'
    return new Response(body, { headers: await sign(body) })
  },
  'signed but not JSON': async (sign) => new Response('<ok/>', { headers: await sign('<ok/>') }),
  'signed and cut': async (sign) => new Response('{"prepay_id":"wx', { headers: await sign('{"prepay_id":"wx') }),
  'a signed 204': async (sign) => new Response(null, { status: 204, headers: await sign('') }),
  'an unsigned 204': async () => new Response(null, { status: 204 }),
  'unsigned JSON': async () => new Response('{"prepay_id":"wx1","status":"SUCCESS"}'),
  HTML: async () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
  'another content type': async (sign) => new Response('{}', { headers: await sign('{}', { 'content-type': 'text/plain' }) }),
  'a wrong signature': async (sign) => new Response('{}', { headers: await sign('{"a":1}') }),
  'a serial that is not known': async (sign) => new Response('{}', { headers: await sign('{}', { 'Wechatpay-Serial': 'ABCDEF' }) }),
  'a time of yesterday': async (sign) => new Response('{}', { headers: await sign('{}', { 'Wechatpay-Timestamp': '1' }) }),
  'a probe': async (sign) => new Response('{}', { headers: await sign('{}', { 'Wechatpay-Signature': 'WECHATPAY/SIGNTEST/x' }) }),
  'a redirect': async () => new Response(null, { status: 302, headers: { location: 'https://x.test/' } }),
  'an unsigned 400': async () => new Response('{"code":"PARAM_ERROR"}', { status: 400 }),
  'an unsigned 403': async () => new Response('{"code":"NO_AUTH"}', { status: 403 }),
  'an unsigned 404': async () => new Response('{"code":"ORDER_NOT_EXIST"}', { status: 404 }),
  'an unsigned 429': async () => new Response('{"code":"FREQUENCY_LIMITED"}', { status: 429 }),
  'a 404 wrongly signed': async (sign) => new Response('{"code":"ORDER_NOT_EXIST"}', { status: 404, headers: await sign('{}') }),
  'a signed 500': async (sign) => new Response('{"code":"SYSTEM_ERROR"}', { status: 500, headers: await sign('{"code":"SYSTEM_ERROR"}') }),
  'a refusal with a list as body': async () => new Response('[1]', { status: 400 }),
  'a refusal that is null': async () => new Response('null', { status: 400 }),
  'an answer of 5 MB': async () => new Response(new Uint8Array(5 * 1024 * 1024)),
  'a connection that breaks': () => Promise.reject(new TypeError('fetch failed')),
  'a fetch that rejects with a text': () => Promise.reject('away'),
  'a fetch that answers nothing': async () => undefined as unknown as Response,
}

describe.each(Object.entries(ODD))('C10: %s', (name, odd) => {
  test.each(Object.entries(VERBS))('%s', async (verb, act) => {
    const { client, sent } = await answered(odd)
    const result: unknown = await act(client).then(
      () => 'done',
      (error: unknown) => error,
    )
    expect(sent()).toBe(1)
    const done =
      WITHOUT_BODY.includes(verb) && /^(signed|a signed (text|number|204)|numbers|another content)/.test(name) && !/cut|not JSON/.test(name)
    if (done) return expect(result).toBe('done')
    expect(result).toBeInstanceOf(CashdeskError)
    expect(result).toMatchObject({ outcome: 'unknown' })
    expect(isRefused(result)).toBe(false)
  })
})

test('C10: what a signed answer lacks is named, and keeps its code', async () => {
  const { client } = await answered(async (sign) => new Response('{}', { headers: await sign('{}') }))
  const error: unknown = await VERBS['transactions.jsapi']?.(client).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(UnreadableAnswerError)
  expect(error).toMatchObject({ code: 'ERR_MESSAGE_SHAPE', outcome: 'unknown', facts: { where: 'prepay_id' } })
})

describe('C10: hooks that throw change nothing', () => {
  test.each([
    ['at the start', { attempt: () => fail() }],
    ['at the end', { attempt: () => () => fail() }],
  ])('%s', async (_, hooks) => {
    const { direct } = await keys
    const base = { mchid: IDS.mchid, signer: { serial_no: direct.merchant_serial, privateKey: direct.merchant_key } }
    const client = createWechatPay({
      ...base,
      apiV3Key: direct.api_v3_key,
      publicKeys: { [direct.public_key_id]: direct.public_key },
      clock: virtualClock(NOW),
      retries: 0,
      hooks,
      fetch: () => Promise.reject(new TypeError('fetch failed')),
    })
    await expect(client.transactions.close('ORDER-1')).rejects.toMatchObject({ code: 'ERR_NETWORK', outcome: 'unknown' })
  })
})

function fail(): never {
  throw new Error('an observer failed')
}

const V2: Readonly<Record<string, (c: WechatPayV2) => Promise<unknown>>> = {
  unifiedOrder: (c) => c.unifiedOrder(anOrder()),
  orderQuery: (c) => c.orderQuery({ out_trade_no: 'ORDER-0001' }),
  closeOrder: (c) => c.closeOrder({ out_trade_no: 'ORDER-0001' }),
  refund: (c) => c.refund({ out_trade_no: 'ORDER-0001', out_refund_no: 'R-1', total_fee: 1, refund_fee: 1 }),
  refundQuery: (c) => c.refundQuery({ out_trade_no: 'ORDER-0001' }),
}
const PATHS = ['/pay/unifiedorder', '/pay/orderquery', '/pay/closeorder', '/secapi/pay/refund', '/pay/refundquery']

describe.each([
  ['an empty answer', ''],
  ['HTML', '<html><body>x</body></html>'],
  ['JSON', '{}'],
  ['XML without a signature', '<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code></xml>'],
  ['a wrong signature', '<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code><sign>0</sign></xml>'],
  ['an unsigned FAIL', '<xml><return_code>FAIL</return_code><return_msg>ORDERNOTEXIST</return_msg></xml>'],
  ['an unsigned refusal', '<xml><return_code>SUCCESS</return_code><result_code>FAIL</result_code><err_code>ORDERNOTEXIST</err_code></xml>'],
  ['XML that is cut', '<xml><return_code>SUCC'],
  ['a signed answer of another merchant', { mch_id: '10000101' }],
  ['a signed yuan for fen', { total_fee: '1.00' }],
  ['a signed result that is neither', { result_code: 'MAYBE' }],
] as const)('C10: v2, %s', (_, answer) => {
  test.each(Object.entries(V2))('%s', async (_verb, act) => {
    const { client } = aWechatV2({ answers: Object.fromEntries(PATHS.map((path) => [path, () => answer])) })
    const error: unknown = await act(client).then(
      () => 'done',
      (caught: unknown) => caught,
    )
    expect(error).toBeInstanceOf(CashdeskError)
    expect(error).toMatchObject({ outcome: 'unknown' })
  })
})

describe('C10: v2, a signed answer without any field', () => {
  test.each(Object.entries(V2))('%s', async (verb, act) => {
    const { client } = aWechatV2({ answers: Object.fromEntries(PATHS.map((path) => [path, () => ({})])) })
    const error: unknown = await act(client).then(
      () => 'done',
      (caught: unknown) => caught,
    )
    if (verb === 'closeOrder') return expect(error).toBe('done')
    expect(error).toMatchObject({ outcome: 'unknown' })
  })
})
