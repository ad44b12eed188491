// node-easywechat, told by `http.baseURL` where WeChat is: payment over v3 and v2, and the mini program. Its defects are asserted as they are.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { JSAPI } from '../world.ts'
import { aStage, dayOf, load, NOTIFY_URL, nextDay, paidTwoDaysAgo, type Stage } from './stage.ts'

interface Answered {
  getStatusCode(): number
  toObject(): Record<string, unknown>
  getContent(raw?: boolean): unknown
  toString(): string
}
interface Payload {
  data?: object
  xml?: object
  json?: object
  params?: object
}
interface HttpClient {
  get(path: string, payload?: Payload): Promise<Answered>
  post(path: string, payload?: Payload): Promise<Answered>
}
interface Message {
  get(name: string): unknown
}
interface PayServer {
  handlePaid(handler: (message: Message, next: (message: Message) => unknown) => unknown): void
  handleRefunded(handler: (message: Message, next: (message: Message) => unknown) => unknown): void
  serve(): Promise<{ getStatusCode(): number; getBody(): { toString(): string } }>
}
interface Pay {
  getClient(): HttpClient
  getUtils(): { buildMiniAppConfig(prepay_id: string, appid: string, signType?: string): object }
  getValidator(): { validate(request: object): Promise<true>; validateV2(message: object): true }
  getServer(): PayServer
  setRequest(request: object): Pay
}
interface MiniApp {
  getUtils(): { codeToSession(code: string): Promise<{ openid: string; session_key: string }> }
  getClient(): HttpClient
}
interface EasyWechat {
  Pay: new (config: object) => Pay
  MiniApp: new (config: object) => MiniApp
  ServerRequest: new (method: string, url: string, headers: Record<string, string>, body: string) => object
}
const { Pay, MiniApp, ServerRequest } = load('node-easywechat') as EasyWechat

let stage: Stage
let dir: string
beforeAll(async () => {
  stage = await aStage()
  dir = await mkdtemp(join(tmpdir(), 'easywechat-'))
  await writeFile(join(dir, 'key.pem'), stage.settings.merchant_key)
  await writeFile(join(dir, 'cert.pem'), stage.settings.merchant_cert)
  await writeFile(join(dir, 'wechatpay.pem'), stage.settings.public_key)
})
afterAll(async () => {
  await stage.close()
  await rm(dir, { recursive: true })
})

function aPay(): Pay {
  const { mchid, api_v3_key, api_v2_key, public_key_id } = stage.settings
  return new Pay({
    mch_id: mchid,
    private_key: join(dir, 'key.pem'),
    certificate: join(dir, 'cert.pem'),
    secret_key: api_v3_key,
    v2_secret_key: api_v2_key,
    platform_certs: { [public_key_id]: join(dir, 'wechatpay.pem') },
    http: { baseURL: stage.url },
  })
}

/** The client serves the notification, and its answer goes back. */
function receive(pay: Pay, by: 'handlePaid' | 'handleRefunded'): Message[] {
  const seen: Message[] = []
  stage.answer = async ({ headers, body }) => {
    pay.setRequest(new ServerRequest('POST', NOTIFY_URL, headers, body))
    const server = pay.getServer()
    server[by]((message, next) => {
      seen.push(message)
      return next(message)
    })
    const answer = await server.serve()
    return new Response(answer.getBody().toString(), { status: answer.getStatusCode() })
  }
  return seen
}

describe('v3', () => {
  test('order, cashier, notification, query, close, refund', async () => {
    const pay = aPay()
    const client = pay.getClient()
    const { appid, mchid } = stage.settings
    const order = { appid, mchid, description: '拿铁', notify_url: NOTIFY_URL, amount: { total: 100 }, payer: { openid: stage.openid } }
    const placed = await client.post(JSAPI, { data: { ...order, out_trade_no: 'easy-v3-1' } })
    const prepay_id = String(placed.toObject()['prepay_id'])
    expect(stage.phone(pay.getUtils().buildMiniAppConfig(prepay_id, appid))).toEqual({ errMsg: 'requestPayment:ok' })

    const paid = receive(pay, 'handlePaid')
    const { headers, body } = await stage.newest()
    expect(paid.map((message) => message.get('out_trade_no'))).toEqual(['easy-v3-1'])
    expect(stage.emulator.notifications().at(-1)).toMatchObject({ state: 'delivered' })
    expect(await pay.getValidator().validate(new ServerRequest('POST', NOTIFY_URL, headers, body))).toBe(true)

    const number = '/v3/pay/transactions/out-trade-no/easy-v3-1'
    expect((await client.get(number, { params: { mchid } })).toObject()).toMatchObject({ trade_state: 'SUCCESS' })
    await client.post(JSAPI, { data: { ...order, out_trade_no: 'easy-v3-2' } })
    const closed = await client.post('/v3/pay/transactions/out-trade-no/easy-v3-2/close', { data: { mchid } })
    expect(closed.getStatusCode()).toBe(204)
    const refund = { out_trade_no: 'easy-v3-1', out_refund_no: 'easy-v3-r', notify_url: NOTIFY_URL }
    const amount = { refund: 40, total: 100, currency: 'CNY' }
    const refunded = receive(pay, 'handleRefunded')
    await client.post('/v3/refund/domestic/refunds', { data: { ...refund, amount } })
    await stage.newest()
    expect(refunded.map((message) => message.get('refund_status'))).toEqual(['SUCCESS'])
    expect((await client.get('/v3/refund/domestic/refunds/easy-v3-r')).toObject()).toMatchObject({ status: 'SUCCESS' })
  })

  test('the bill of a day', async () => {
    const client = aPay().getClient()
    const bill_date = await paidTwoDaysAgo(stage, 'easy-v3-bill')
    const bill = await client.get('/v3/bill/tradebill', { params: { bill_date } })
    const { pathname, searchParams } = new URL(String(bill.toObject()['download_url']))
    const file = await client.get(pathname, { params: Object.fromEntries(searchParams) })
    expect(file.toString()).toContain('`easy-v3-bill')
  })

  test('its server takes a notification whose signature nobody made: who forgets the validator is paid by anybody', async () => {
    const pay = aPay()
    const { appid, mchid } = stage.settings
    const order = { appid, mchid, description: '拿铁', notify_url: NOTIFY_URL, amount: { total: 100 }, payer: { openid: stage.openid } }
    const placed = await pay.getClient().post(JSAPI, { data: { ...order, out_trade_no: 'easy-v3-3' } })
    stage.phone(pay.getUtils().buildMiniAppConfig(String(placed.toObject()['prepay_id']), appid))
    stage.emulator.faults.add({ fault: 'notification.bad_signature' })
    const paid = receive(pay, 'handlePaid')
    const { headers, body } = await stage.newest()
    expect(paid).toHaveLength(1)
    const request = new ServerRequest('POST', NOTIFY_URL, headers, body)
    await expect(pay.getValidator().validate(request)).rejects.toThrow('Invalid Signature')
  })
})

describe('v2', () => {
  async function call(path: string, fields: object): Promise<Record<string, unknown>> {
    const { appid, mchid } = stage.settings
    const xml = { appid, mch_id: mchid, nonce_str: 'n'.repeat(16), ...fields }
    return (await aPay().getClient().post(path, { xml })).toObject()
  }

  test('it signs a nonce_str of its own and does not send it: the caller must give one', async () => {
    const { appid, mchid } = stage.settings
    const xml = { appid, mch_id: mchid, out_trade_no: 'easy-v2-1' }
    const answer = (await aPay().getClient().post('/pay/orderquery', { xml })).toObject()
    expect(answer).toMatchObject({ return_code: 'FAIL', return_msg: '缺少参数nonce_str' })
  })

  test.each(['MD5', 'HMAC-SHA256'])('the whole way, signed with %s', async (sign_type) => {
    const pay = aPay()
    const out_trade_no = `easy-v2-${sign_type}`
    const order = { body: '拿铁', total_fee: 100, spbill_create_ip: '127.0.0.1', notify_url: NOTIFY_URL, trade_type: 'JSAPI', sign_type }
    const placed = await call('/pay/unifiedorder', { ...order, out_trade_no, openid: stage.openid })
    const fields = pay.getUtils().buildMiniAppConfig(String(placed['prepay_id']), stage.settings.appid, sign_type)
    expect(stage.phone(fields)).toEqual({ errMsg: 'requestPayment:ok' })
    const paid = receive(pay, 'handlePaid')
    await stage.newest()
    expect(paid.map((message) => message.get('out_trade_no'))).toEqual([out_trade_no])
    // Its check knows MD5 only: it looks for signType where notifications say sign_type.
    const check = (): true => pay.getValidator().validateV2(paid[0] ?? {})
    if (sign_type === 'MD5') expect(check()).toBe(true)
    else expect(check).toThrow('Invalid Signature')

    expect(await call('/pay/orderquery', { out_trade_no, sign_type })).toMatchObject({ trade_state: 'SUCCESS' })
    await call('/pay/unifiedorder', { ...order, out_trade_no: `${out_trade_no}-2`, openid: stage.openid })
    expect(await call('/pay/closeorder', { out_trade_no: `${out_trade_no}-2`, sign_type })).toMatchObject({ result_code: 'SUCCESS' })
    const refund = { out_trade_no, out_refund_no: `${out_trade_no}-r`, total_fee: 100, refund_fee: 40, sign_type }
    expect(await call('/secapi/pay/refund', refund)).toMatchObject({ refund_fee: '40' })
    await stage.emulator.deliverDue()
    expect(await call('/pay/refundquery', { out_trade_no, sign_type })).toMatchObject({ refund_status_0: 'SUCCESS' })
  })

  test('handleRefunded does not know the refund notification of v2: it is answered as an error and comes again', async () => {
    const pay = aPay()
    const refund = { out_trade_no: 'easy-v2-MD5', out_refund_no: 'easy-v2-r2', total_fee: 100, refund_fee: 1, notify_url: NOTIFY_URL }
    const refunded = receive(pay, 'handleRefunded')
    await call('/secapi/pay/refund', refund)
    await stage.newest()
    expect(refunded).toEqual([])
    expect(stage.emulator.notifications().at(-1)).toMatchObject({ state: 'waiting', deliveries: [{ status: 200, error: 'reply' }] })
    // Where it is taken for a payment the same client opens it, and keeps the root around its fields.
    const opened = receive(aPay(), 'handlePaid')
    await stage.emulator.clock.advance(15_000)
    expect(opened.map((message) => message.get('root'))).toMatchObject([{ out_refund_no: 'easy-v2-r2', refund_status: 'SUCCESS' }])
  })

  test('the bill of the day', async () => {
    const { appid, mchid } = stage.settings
    const bill_date = dayOf(stage)
    const before = stage.emulator.clock.now()
    await nextDay(stage)
    const xml = { appid, mch_id: mchid, nonce_str: 'n'.repeat(16), bill_date, bill_type: 'ALL' }
    const bill = await aPay().getClient().post('/pay/downloadbill', { xml })
    expect(bill.toString()).toContain('`easy-v2-MD5')
    await stage.emulator.clock.set(before)
  })
})

describe('mini program', () => {
  test('login, access token, phone number, shipping', async () => {
    const { appid, app_secret } = stage.settings
    // Without a path it leaves its tokens in the folder it runs in.
    const file_cache = { path: dir }
    const app = new MiniApp({ app_id: appid, secret: app_secret, http: { baseURL: stage.url }, file_cache })
    const { code } = stage.emulator.login({ appid, openid: stage.openid })
    expect(await app.getUtils().codeToSession(code)).toMatchObject({ openid: stage.openid })
    const given = await fetch(`${stage.url}/_emulator/phone-code`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ appid }),
    })
    const { code: phone } = (await given.json()) as { code: string }
    const answer = await app.getClient().post('/wxa/business/getuserphonenumber', { json: { code: phone } })
    expect(answer.toObject()).toMatchObject({ errcode: 0, phone_info: { countryCode: '86' } })
    const managed = await app.getClient().post('/wxa/sec/order/is_trade_managed', { json: { appid } })
    expect(managed.toObject()).toMatchObject({ is_trade_managed: true })
  })
})
