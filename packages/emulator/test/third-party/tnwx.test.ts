// tnwx, told by the host it is given where WeChat is, over v2 and v3. It has defects that stop steps; each is asserted as it is.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { JSAPI } from '../world.ts'
import { aStage, dayOf, load, NOTIFY_URL, nextDay, paidTwoDaysAgo, type Stage } from './stage.ts'

type Fields = Record<string, string>
interface Answer {
  status: number
  headers: Record<string, string>
  data: Record<string, unknown> | string
}
interface Tnwx {
  Kits: {
    generateStr(): string
    generateSignedXml(fields: object, key: string, signType: string): Promise<string>
    generateSignature(fields: object, key: string, signType: string): string
    xml2obj(xml: string): Promise<Fields>
    md5(text: string): string
    aes256ecbDecrypt(key: string, iv: string, sealed: string): string
  }
  HttpKit: { getHttpDelegate: { httpPost(url: string, xml: string): Promise<string> } }
  WxPay: {
    prepayIdCreateSign(prepay_id: string, appid: string, key: string, signType: string): Record<string, string | number>
    notifySignatureValid(fields: Fields, key: string): boolean
    createSign(lines: string[], key: Buffer): string
  }
  PayKit: {
    exePost(host: string, path: string, mchid: string, serial: string, key: Buffer, body: string, platform: string): Promise<Answer>
    exeGet(
      host: string,
      path: string,
      mchid: string,
      serial: string,
      key: Buffer,
      query: Map<string, string>,
      platform: string,
    ): Promise<Answer>
    verifySign(headers: Record<string, string>, body: string, key: string | Buffer): boolean
    aes256gcmDecrypt(key: string, nonce: string, associated: string, ciphertext: string): string
  }
}
const { Kits, HttpKit, WxPay, PayKit } = load('tnwx') as Tnwx

let stage: Stage
beforeAll(async () => {
  stage = await aStage()
})
afterAll(() => stage.close())

describe('v2', () => {
  const V2_OK = '<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>'

  async function call(path: string, fields: object, signType: string): Promise<Fields> {
    const { appid, mchid, api_v2_key } = stage.settings
    const request = { appid, mch_id: mchid, nonce_str: Kits.generateStr(), sign_type: signType, ...fields }
    const answer = await HttpKit.getHttpDelegate.httpPost(stage.url + path, await Kits.generateSignedXml(request, api_v2_key, signType))
    if (!answer.startsWith('<')) return { text: answer }
    const read = await Kits.xml2obj(answer)
    if (read['sign']) expect(read['sign']).toBe(Kits.generateSignature(read, api_v2_key, signType))
    return read
  }

  test.each(['MD5', 'HMAC-SHA256'])('the whole way, signed with %s', async (signType) => {
    stage.answer = () => new Response(V2_OK)
    const { appid, api_v2_key } = stage.settings
    const out_trade_no = `tnwx-${signType}`
    const order = { body: '拿铁', total_fee: 100, spbill_create_ip: '127.0.0.1', notify_url: NOTIFY_URL, trade_type: 'JSAPI' }
    const { prepay_id = '' } = await call('/pay/unifiedorder', { ...order, out_trade_no, openid: stage.openid }, signType)

    const fields = WxPay.prepayIdCreateSign(prepay_id, appid, api_v2_key, signType)
    // Its timeStamp is a number, which phones refuse; as text it is the one that was signed.
    expect(stage.phone(fields)).toMatchObject({ errMsg: expect.stringContaining('parameter.timeStamp should be String instead of Number') })
    expect(stage.phone({ ...fields, timeStamp: String(fields['timeStamp']) })).toEqual({ errMsg: 'requestPayment:ok' })

    const notice = await Kits.xml2obj((await stage.newest()).body)
    expect(notice).toMatchObject({ out_trade_no, total_fee: '100' })
    expect(Kits.generateSignature(notice, api_v2_key, signType)).toBe(notice['sign'])
    // Its own check is false for every notification there is.
    expect(WxPay.notifySignatureValid(notice, api_v2_key)).toBe(false)

    expect(await call('/pay/orderquery', { out_trade_no }, signType)).toMatchObject({ trade_state: 'SUCCESS' })
    await call('/pay/unifiedorder', { ...order, out_trade_no: `${out_trade_no}-2`, openid: stage.openid }, signType)
    expect(await call('/pay/closeorder', { out_trade_no: `${out_trade_no}-2` }, signType)).toMatchObject({ result_code: 'SUCCESS' })
    const refund = { out_trade_no, out_refund_no: `${out_trade_no}-r`, total_fee: 100, refund_fee: 40, notify_url: NOTIFY_URL }
    expect(await call('/secapi/pay/refund', refund, signType)).toMatchObject({ refund_fee: '40' })
    const { req_info = '' } = await Kits.xml2obj((await stage.newest()).body)
    const opened = Kits.aes256ecbDecrypt(Kits.md5(api_v2_key), '', req_info)
    expect(opened).toContain('<refund_status><![CDATA[SUCCESS]]></refund_status>')
    expect(await call('/pay/refundquery', { out_trade_no }, signType)).toMatchObject({ refund_status_0: 'SUCCESS' })
  })

  test('the bill of the day', async () => {
    const bill_date = dayOf(stage)
    const before = stage.emulator.clock.now()
    await nextDay(stage)
    expect(await call('/pay/downloadbill', { bill_date, bill_type: 'ALL' }, 'MD5')).toMatchObject({
      text: expect.stringContaining('`tnwx-HMAC-SHA256'),
    })
    await stage.emulator.clock.set(before)
  })
})

describe('v3', () => {
  async function post(path: string, body: object): Promise<Answer> {
    const { mchid, merchant_serial, merchant_key, public_key_id } = stage.settings
    return PayKit.exePost(stage.url, path, mchid, merchant_serial, Buffer.from(merchant_key), JSON.stringify(body), public_key_id)
  }
  async function get(path: string, query: Record<string, string>): Promise<Answer> {
    const { mchid, merchant_serial, merchant_key, public_key_id } = stage.settings
    const params = new Map(Object.entries(query))
    return PayKit.exeGet(stage.url, path, mchid, merchant_serial, Buffer.from(merchant_key), params, public_key_id)
  }
  /** As its samples do: over the body written anew. */
  function verified({ headers, data }: Answer): boolean {
    return PayKit.verifySign(headers, data === '' ? '' : JSON.stringify(data), stage.settings.public_key)
  }

  test('order, cashier, notification, query, close, refund', async () => {
    stage.answer = () => new Response(null, { status: 204 })
    const { appid, mchid, merchant_key, api_v3_key, public_key } = stage.settings
    const order = { appid, mchid, description: '拿铁', notify_url: NOTIFY_URL, amount: { total: 100 }, payer: { openid: stage.openid } }
    const placed = await post(JSAPI, { ...order, out_trade_no: 'tnwx-v3-1' })
    expect(placed.status).toBe(200)
    expect(verified(placed)).toBe(true)
    const { prepay_id } = placed.data as { prepay_id: string }

    const lines = [appid, String(Math.floor(Date.now() / 1000)), Kits.generateStr(), `prepay_id=${prepay_id}`]
    const paySign = WxPay.createSign(lines, Buffer.from(merchant_key))
    const [, timeStamp, nonceStr, packageValue] = lines
    expect(stage.phone({ timeStamp, nonceStr, package: packageValue, signType: 'RSA', paySign })).toEqual({ errMsg: 'requestPayment:ok' })

    const { headers, body } = await stage.newest()
    expect(PayKit.verifySign(headers, body, public_key)).toBe(true)
    const { resource } = JSON.parse(body) as { resource: Record<'nonce' | 'associated_data' | 'ciphertext', string> }
    const opened = PayKit.aes256gcmDecrypt(api_v3_key, resource.nonce, resource.associated_data, resource.ciphertext)
    expect(JSON.parse(opened)).toMatchObject({ out_trade_no: 'tnwx-v3-1', trade_state: 'SUCCESS' })

    const found = await get('/v3/pay/transactions/out-trade-no/tnwx-v3-1', { mchid })
    expect(found.data).toMatchObject({ trade_state: 'SUCCESS' })
    expect(verified(found)).toBe(true)
    await post(JSAPI, { ...order, out_trade_no: 'tnwx-v3-2' })
    const closed = await post('/v3/pay/transactions/out-trade-no/tnwx-v3-2/close', { mchid })
    expect([closed.status, verified(closed)]).toEqual([204, true])
    const refund = { out_trade_no: 'tnwx-v3-1', out_refund_no: 'tnwx-v3-r', amount: { refund: 40, total: 100, currency: 'CNY' } }
    expect((await post('/v3/refund/domestic/refunds', refund)).data).toMatchObject({ status: 'PROCESSING' })
    await stage.emulator.deliverDue()
    expect((await get('/v3/refund/domestic/refunds/tnwx-v3-r', {})).data).toMatchObject({ status: 'SUCCESS' })
  })

  test('the bill of a day', async () => {
    const bill_date = await paidTwoDaysAgo(stage, 'tnwx-v3-bill')
    const { data } = await get('/v3/bill/tradebill', { bill_date })
    const { pathname, searchParams } = new URL(typeof data === 'string' ? '' : String(data['download_url']))
    expect((await get(pathname, Object.fromEntries(searchParams))).data).toContain('`tnwx-v3-bill')
  })

  test('without the serial of a key of WeChat it sends its own, which is refused', async () => {
    const { mchid, merchant_serial, merchant_key } = stage.settings
    const path = '/v3/pay/transactions/out-trade-no/tnwx-v3-1'
    const params = new Map([['mchid', mchid]])
    const answer = await PayKit.exeGet(stage.url, path, mchid, merchant_serial, Buffer.from(merchant_key), params, '')
    expect(answer).toMatchObject({ status: 400, data: { code: 'PARAM_ERROR', message: '平台证书序列号Wechatpay-Serial错误' } })
  })

  test('it gives a forged answer as any other: only who calls verifySign sees it', async () => {
    stage.emulator.faults.add({ fault: 'answer.bad_signature' })
    const answer = await get('/v3/pay/transactions/out-trade-no/tnwx-v3-1', { mchid: stage.settings.mchid })
    expect(answer.status).toBe(200)
    expect(verified(answer)).toBe(false)
  })
})
