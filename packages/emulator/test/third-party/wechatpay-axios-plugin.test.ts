// A client we did not write, wechatpay-axios-plugin, adapted by its public configuration alone, believes this WeChat and disbelieves its faults.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { Wechatpay } from 'wechatpay-axios-plugin'
import { type FaultInput, type RunningEmulator, startEmulator } from '../../src/index.ts'
import { anOrder } from '../world.ts'

let running: RunningEmulator

beforeAll(async () => {
  running = await startEmulator({ port: 0 })
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

test('it downloads the certificates', async () => {
  expect(await aClient('public_key').chain('v3/certificates').get()).toMatchObject({
    data: { data: [{ encrypt_certificate: { algorithm: 'AEAD_AES_256_GCM' } }] },
  })
})

test('it reads a refusal', async () => {
  const refusal = order(aClient('public_key'), 'short')
  await expect(refusal).rejects.toMatchObject({
    response: { status: 400, data: { code: 'PARAM_ERROR', detail: { field: '/out_trade_no' } } },
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
    response: { status: 401, data: { code: 'SIGN_ERROR', message: '签名错误', detail: { explanation: { cause: 'other_merchant_key' } } } },
  })
})
