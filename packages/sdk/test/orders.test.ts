// Orders against the emulator, direct and for a sub-merchant, in both trust modes.

import { describe, expect, test } from 'vitest'
import { ApiError, isRefused, RequestError } from '../src/index.ts'
import { aWechat } from './wechat.ts'

const modes = [
  ['public key', {}],
  ['platform certificates', { publicKeys: undefined, platformCertificates: 'download' }],
] as const

describe.each(modes)('trusting by %s', (_, trust) => {
  test('order → pay → query by both numbers → close refused', async () => {
    const wechat = await aWechat()
    const client = wechat.client(trust)
    const order = wechat.order()
    const { prepay_id } = await client.transactions.jsapi(order)
    expect(await client.transactions.byOutTradeNo(order.out_trade_no)).toMatchObject({
      trade_state: 'NOTPAY',
      out_trade_no: order.out_trade_no,
    })

    const fields = await client.requestPayment({ appid: order.appid, prepay_id })
    expect(wechat.emulator.cashier({ ...fields, appId: order.appid, openid: order.payer.openid })).toEqual({ errMsg: 'requestPayment:ok' })
    const paid = await client.transactions.byOutTradeNo(order.out_trade_no)
    expect(paid).toMatchObject({ trade_state: 'SUCCESS', amount: { total: 2800, payer_total: 2800 }, payer: order.payer })
    expect(await client.transactions.byTransactionId(paid.transaction_id ?? '')).toEqual(paid)
    await expect(client.transactions.close(order.out_trade_no)).rejects.toThrow(ApiError)
  })

  test('the same for a sub-merchant', async () => {
    const wechat = await aWechat()
    const { sp, users } = wechat.emulator.settings
    const client = wechat.partner(trust)
    const { appid: _, payer: __, ...common } = wechat.order()
    const openid = users[0]?.openids[sp.sub_appid] ?? ''
    const order = { ...common, sp_appid: sp.sp_appid, sub_mchid: sp.sub_mchid, sub_appid: sp.sub_appid, payer: { sub_openid: openid } }
    const { prepay_id } = await client.partner.jsapi(order)
    const fields = await client.requestPayment({ appid: sp.sub_appid, prepay_id })
    expect(wechat.emulator.cashier({ ...fields, appId: sp.sub_appid, openid })).toEqual({ errMsg: 'requestPayment:ok' })
    const key = { sub_mchid: sp.sub_mchid, out_trade_no: order.out_trade_no }
    const paid = await client.partner.byOutTradeNo(key)
    expect(paid).toMatchObject({ trade_state: 'SUCCESS', sp_mchid: sp.sp_mchid, sub_mchid: sp.sub_mchid, payer: { sub_openid: openid } })
    expect(await client.partner.byTransactionId({ sub_mchid: sp.sub_mchid, transaction_id: paid.transaction_id ?? '' })).toEqual(paid)
  })

  test('D23: a close is answered 204, verified over the empty body', async () => {
    const wechat = await aWechat()
    const client = wechat.client(trust)
    const order = wechat.order()
    await client.transactions.jsapi(order)
    await client.transactions.close(order.out_trade_no)
    expect((await client.transactions.byOutTradeNo(order.out_trade_no)).trade_state).toBe('CLOSED')
    wechat.emulator.faults.add({ fault: 'answer.bad_signature' })
    await expect(client.transactions.close(order.out_trade_no)).rejects.toMatchObject({ outcome: 'unknown' })
  })
})

test('an order that WeChat does not have is a signed refusal', async () => {
  const wechat = await aWechat()
  const error: unknown = await wechat
    .client()
    .transactions.byOutTradeNo('NEVER-0001')
    .catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'ERR_API', outcome: 'refused', refusal: { status: 404, code: 'ORDER_NOT_EXIST', signed: true } })
  expect((error as ApiError).is('ORDERNOTEXIST')).toBe(true)
  expect((error as ApiError).message).toContain('request_id: ')
})

test('a wrong private key is refused for certain, and the error says so', async () => {
  const wechat = await aWechat()
  const { merchant_serial, sp } = wechat.emulator.settings
  const client = wechat.client({ signer: { serial_no: merchant_serial, privateKey: sp.merchant_key } })
  const error: unknown = await client.transactions.jsapi(wechat.order()).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ outcome: 'refused', refusal: { status: 401, code: 'SIGN_ERROR', signed: false } })
  expect(isRefused(error)).toBe(true)
})

test('a request that breaks a rule is not sent, and says which', async () => {
  const wechat = await aWechat()
  const sending = wechat.client().transactions.jsapi(wechat.order({ amount: { total: 0 } }))
  await expect(sending).rejects.toThrow(RequestError)
  await expect(sending).rejects.toThrow('field: /amount/total')
  expect(wechat.seen).toEqual([])
  await expect(wechat.client({ validate: false }).transactions.jsapi(wechat.order({ amount: { total: 0 } }))).rejects.toMatchObject({
    refusal: { code: 'PARAM_ERROR' },
  })
})

test('D17: a number with path characters stays where it belongs', async () => {
  const wechat = await aWechat()
  await expect(wechat.client({ validate: false }).transactions.byOutTradeNo('../../certificates?x#y')).rejects.toThrow(ApiError)
  expect(wechat.seen[0]).toContain('/v3/pay/transactions/out-trade-no/..%2F..%2Fcertificates%3Fx%23y')
})

test('anything else of WeChat is still signed and verified', async () => {
  const wechat = await aWechat()
  expect(await wechat.client().request('GET', '/v3/certificates')).toMatchObject({
    data: [{ serial_no: wechat.emulator.settings.platform_serial }],
  })
  wechat.emulator.faults.add({ fault: 'answer.unsigned' })
  await expect(wechat.client().request('GET', '/v3/certificates')).rejects.toMatchObject({ code: 'ERR_ANSWER_UNTRUSTED' })
})
