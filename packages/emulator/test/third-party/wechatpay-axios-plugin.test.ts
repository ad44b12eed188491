// A client we did not write, wechatpay-axios-plugin, adapted by its public configuration alone, believes this WeChat and disbelieves its faults.

import { createHash } from 'node:crypto'
import { beijingTime, parseTradeBill } from '@cashdesk/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Aes, Formatter, Rsa, Wechatpay } from 'wechatpay-axios-plugin'
import { type FaultInput, type RunningEmulator, startEmulator } from '../../src/index.ts'
import { aMerchant, anOrder, HOURS, JSAPI } from '../world.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

let running: RunningEmulator
/** Notifications, newest last. */
const received: { headers: Headers; body: string }[] = []

beforeAll(async () => {
  running = await startEmulator({
    port: 0,
    keyKind: 'both',
    behaviour: { public_key_share: 10_000 },
    async fetch(request) {
      received.push({ headers: request.headers, body: await request.text() })
      return new Response(null, { status: 204 })
    },
  })
})
afterAll(() => running.close())

function aClient(mode: 'public_key' | 'platform_certificate'): Wechatpay {
  const { settings, url } = { settings: running.emulator.settings, url: running.url }
  const publicKeyMode = mode === 'public_key'
  return new Wechatpay({
    baseURL: `${url}/`,
    mchid: settings.mchid,
    serial: settings.merchant_serial,
    privateKey: settings.merchant_key,
    certs: publicKeyMode ? { [settings.public_key_id]: settings.public_key } : { [settings.platform_serial]: settings.platform_cert },
    ...(publicKeyMode && { headers: { 'Wechatpay-Serial': settings.public_key_id } }),
  })
}

let count = 0
function order(client: Wechatpay, out_trade_no = `axios-${1000 + count++}`) {
  return client.chain('v3/pay/transactions/jsapi').post(anOrder(running, { out_trade_no }))
}

function query(client: Wechatpay, out_trade_no: string) {
  const config = { out_trade_no, params: { mchid: running.emulator.settings.mchid } }
  return client.chain('v3/pay/transactions/out-trade-no/{out_trade_no}').get(config)
}

test.each(['public_key', 'platform_certificate'] as const)('it orders and queries with the %s', async (mode) => {
  const client = aClient(mode)
  const out_trade_no = `axios-${mode}`.slice(0, 32)
  expect(await order(client, out_trade_no)).toMatchObject({ status: 200, data: { prepay_id: expect.stringMatching(/^wx/) } })
  expect(await query(client, out_trade_no)).toMatchObject({ status: 200, data: { out_trade_no, trade_state: 'NOTPAY' } })
})

test.each(['public_key', 'platform_certificate'] as const)('B3: a client of a merchant that has only the %s', async (mode) => {
  const { mchid } = running.emulator.settings
  const setKeys = (keys: string) => {
    return fetch(`${running.url}/_emulator/merchants/${mchid}/keys`, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ keys }) })
  }
  expect((await setKeys(mode === 'public_key' ? mode : 'certificate')).status).toBe(200)
  const other = aClient(mode === 'public_key' ? 'platform_certificate' : 'public_key')
  const own = aClient(mode)
  const out_trade_no = `axios-only-${mode}`.slice(0, 32)
  await expect(order(own, out_trade_no)).resolves.toMatchObject({ status: 200 })
  await expect(query(own, out_trade_no)).resolves.toMatchObject({ status: 200 })
  // A client of the other kind verifies nothing: the answer is refused, or signed by a key that it does not have.
  await expect(query(other, out_trade_no)).rejects.toThrow()
  await setKeys('both')
})

test('it downloads the certificates', async () => {
  expect(await aClient('public_key').chain('v3/certificates').get()).toMatchObject({
    data: { data: [{ encrypt_certificate: { algorithm: 'AEAD_AES_256_GCM' } }] },
  })
})

test('order, payment, refund, and both queries', async () => {
  const client = aClient('public_key')
  const { emulator } = running
  const { appid, users } = emulator.settings
  const { data } = await order(client, 'axios-journey')
  const merchant = aMerchant(emulator, emulator.clock, emulator.settings.mchid, emulator.settings)
  const fields = await merchant.paymentFields(appid, String(data.prepay_id))
  expect(emulator.cashier({ appId: appid, openid: users[0]?.openid ?? '', ...fields })).toEqual({ errMsg: 'requestPayment:ok' })
  const amount = { refund: 40, total: 100, currency: 'CNY' }
  const refund = { out_trade_no: 'axios-journey', out_refund_no: 'axios-refund', amount }
  expect(await client.chain('v3/refund/domestic/refunds').post(refund)).toMatchObject({ data: { status: 'PROCESSING' } })
  const { refunds } = (await (await fetch(`${running.url}/_emulator/refunds`)).json()) as { refunds: { refund_id: string }[] }
  await fetch(`${running.url}/_emulator/refunds/${refunds[0]?.refund_id}/finish`, { method: 'POST' })
  expect(await client.chain('v3/refund/domestic/refunds/{out_refund_no}').get({ out_refund_no: 'axios-refund' })).toMatchObject({
    data: { status: 'SUCCESS', amount },
  })
  expect(await query(client, 'axios-journey')).toMatchObject({ data: { trade_state: 'REFUND' } })
})

test('it opens a notification, and closes an order', async () => {
  const client = aClient('public_key')
  const { emulator } = running
  const { settings } = emulator
  const { data } = await order(client, 'axios-notified')
  const merchant = aMerchant(emulator, emulator.clock, settings.mchid, settings)
  const fields = await merchant.paymentFields(settings.appid, String(data.prepay_id))
  emulator.cashier({ appId: settings.appid, openid: settings.users[0]?.openid ?? '', ...fields })
  await emulator.deliverDue()
  const { headers, body } = received.at(-1) ?? { headers: new Headers(), body: '' }
  const read = (name: string): string => headers.get(`Wechatpay-${name}`) ?? ''
  const message = Formatter.response(read('Timestamp'), read('Nonce'), body)
  expect(Rsa.verify(message, read('Signature'), Rsa.from(settings.public_key, 'public'))).toBe(true)
  const { resource } = JSON.parse(body) as { resource: Record<'ciphertext' | 'nonce' | 'associated_data', string> }
  const opened = Aes.AesGcm.decrypt(resource.ciphertext, settings.api_v3_key, resource.nonce, resource.associated_data)
  expect(JSON.parse(opened)).toMatchObject({ out_trade_no: 'axios-notified', trade_state: 'SUCCESS' })

  await order(client, 'axios-closed')
  const close = client.chain('v3/pay/transactions/out-trade-no/{out_trade_no}/close')
  const answer = await close.post({ mchid: settings.mchid }, { out_trade_no: 'axios-closed' })
  expect(answer.status).toBe(204)
  expect(await query(client, 'axios-closed')).toMatchObject({ data: { trade_state: 'CLOSED' } })
})

test('it fetches the bill of a day on which this WeChat lived before', async () => {
  const { emulator } = running
  const { settings, clock } = emulator
  const now = clock.now()
  // The client signs by the machine's clock: what the bill tells of must lie behind it.
  await clock.set(now - 48 * HOURS)
  const bill_date = beijingTime(clock.now()).slice(0, 10)
  const merchant = aMerchant(emulator, clock, settings.mchid, settings)
  const { body } = await merchant.call('POST', JSAPI, anOrder(running, { out_trade_no: 'axios-bill' }))
  const fields = await merchant.paymentFields(settings.appid, String(body['prepay_id']))
  emulator.cashier({ appId: settings.appid, openid: settings.users[0]?.openid ?? '', ...fields })
  await clock.set(now)

  const client = aClient('public_key')
  const { data } = await client.chain('v3/bill/tradebill').get({ params: { bill_date } })
  const url = new URL(String(data.download_url))
  const file = await client.chain('v3/billdownload/file').get({ params: Object.fromEntries(url.searchParams), responseType: 'arraybuffer' })
  const bytes = Buffer.from(file.data)
  expect(createHash('sha1').update(bytes).digest('hex')).toBe(data.hash_value)
  expect(parseTradeBill(bytes.toString('utf8')).rows).toMatchObject([{ out_trade_no: 'axios-bill', total: 100 }])
})

test('it reads a refusal', async () => {
  const refusal = order(aClient('public_key'), 'short')
  await expect(refusal).rejects.toMatchObject({
    response: { status: 400, data: { code: 'PARAM_ERROR', detail: { location: 'body', value: 5 } } },
  })
})

test.each<[FaultInput, string]>([
  [{ fault: 'answer.bad_signature' }, 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
  [{ fault: 'answer.probe' }, 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
  [{ fault: 'answer.unsigned' }, 'EV3_RES_HEADERS_INCOMPLATE'],
  [{ fault: 'answer.unsigned', header: 'Wechatpay-Nonce' }, 'EV3_RES_HEADERS_INCOMPLATE'],
  [{ fault: 'answer.unsigned', header: 'Wechatpay-Serial' }, 'EV3_RES_HEADERS_INCOMPLATE'],
  [{ fault: 'answer.stale' }, 'EV3_RES_HEADER_TIMESTAMP_OFFSET'],
  [{ fault: 'answer.future' }, 'EV3_RES_HEADER_TIMESTAMP_OFFSET'],
  [{ fault: 'answer.wrong_serial' }, 'EV3_RES_HEADER_PLATFORM_SERIAL'],
])('told to %j, the client rejects the answer', async (fault, code) => {
  const client = aClient('public_key')
  running.emulator.faults.add(fault)
  await expect(order(client)).rejects.toMatchObject({ code })
  await expect(order(client)).resolves.toMatchObject({ status: 200 })
})

test('signing with another key, it is refused and told why', async () => {
  const { settings, url } = { settings: running.emulator.settings, url: running.url }
  const client = new Wechatpay({
    baseURL: `${url}/`,
    mchid: settings.mchid,
    serial: settings.merchant_serial,
    privateKey: settings.sp.merchant_key,
    certs: { [settings.public_key_id]: settings.public_key },
  })
  await expect(order(client)).rejects.toMatchObject({
    response: {
      status: 401,
      data: { code: 'SIGN_ERROR', message: '签名错误' },
      headers: { 'x-emulator-why': expect.stringMatching(/^other_merchant_key: /) },
    },
  })
})
