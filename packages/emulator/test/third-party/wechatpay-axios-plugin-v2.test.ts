// wechatpay-axios-plugin over v2, told by `baseURL` and its client certificate where WeChat is: refunds go over mutual TLS.

import { Agent } from 'node:https'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Aes, Formatter, Hash, Transformer, Wechatpay } from 'wechatpay-axios-plugin'
import { type RunningEmulator, startEmulator } from '../../src/index.ts'
import { NOTIFY_URL } from './stage.ts'

type Fields = Record<string, string | number>
interface Verbs {
  post(data: Fields, config?: object): Promise<{ data: Record<string, string> | string }>
}

let running: RunningEmulator
let client: Wechatpay
/** Bodies of notifications, newest last. */
const received: string[] = []
beforeAll(async () => {
  running = await startEmulator({
    port: 0,
    tlsPort: 0,
    behaviour: { refund_delay_ms: 0 },
    async fetch(request) {
      received.push(await request.text())
      return new Response(Transformer.toXml({ return_code: 'SUCCESS' }))
    },
  })
  const { settings } = running.emulator
  client = new Wechatpay({
    baseURL: `${running.tls?.url}/`,
    mchid: settings.mchid,
    serial: settings.merchant_serial,
    privateKey: settings.merchant_key,
    certs: { [settings.public_key_id]: settings.public_key },
    secret: settings.api_v2_key,
    merchant: { cert: settings.merchant_cert, key: settings.merchant_key },
    httpsAgent: agent(),
  })
})
afterAll(() => running.close())

/** The authority is the emulator's own. */
function agent(certificate: { cert?: string; key?: string } = {}): Agent {
  return new Agent({ ca: running.tls?.ca_cert, ...certificate })
}

function call(path: string, fields: Fields, config: object = {}): ReturnType<Verbs['post']> {
  const { appid, mchid } = running.emulator.settings
  // The types of the package know v3 only.
  const verbs = client.chain(`v2/${path}`) as unknown as Verbs
  return verbs.post({ appid, mch_id: mchid, ...fields }, config)
}

test.each(['MD5', 'HMAC-SHA256'] as const)('the whole way, signed with %s', async (sign_type) => {
  const { emulator } = running
  const { settings } = emulator
  const openid = settings.users[0]?.openid ?? ''
  const out_trade_no = `axios-v2-${sign_type}`
  const order = { body: '一杯咖啡', total_fee: 100, spbill_create_ip: '127.0.0.1', notify_url: NOTIFY_URL }
  const { data } = await call('pay/unifiedorder', { ...order, out_trade_no, openid, trade_type: 'JSAPI', sign_type })
  const prepay_id = typeof data === 'string' ? '' : data['prepay_id']
  const fields = {
    appId: settings.appid,
    timeStamp: String(Formatter.timestamp()),
    nonceStr: Formatter.nonce(),
    package: `prepay_id=${prepay_id}`,
    signType: sign_type,
  }
  const paySign = Hash.sign(sign_type, fields, settings.api_v2_key)
  expect(emulator.cashier({ openid, ...fields, paySign })).toEqual({ errMsg: 'requestPayment:ok' })
  await emulator.deliverDue()
  const { sign, ...paid } = Transformer.toObject(received.at(-1) ?? '') as Record<string, string>
  expect(Hash.sign(sign_type, paid, settings.api_v2_key)).toBe(sign)
  expect(paid).toMatchObject({ out_trade_no, total_fee: '100', openid })
  expect(await call('pay/orderquery', { out_trade_no, sign_type })).toMatchObject({ data: { trade_state: 'SUCCESS', total_fee: '100' } })

  await call('pay/unifiedorder', { ...order, out_trade_no: `${out_trade_no}-2`, openid, trade_type: 'JSAPI', sign_type })
  expect(await call('pay/closeorder', { out_trade_no: `${out_trade_no}-2`, sign_type })).toMatchObject({ data: { result_code: 'SUCCESS' } })

  const refund = { out_trade_no, out_refund_no: `${out_trade_no}-r`, total_fee: 100, refund_fee: 40, notify_url: NOTIFY_URL, sign_type }
  const { merchant_cert, merchant_key, sp } = settings
  const mine = { httpsAgent: agent({ cert: merchant_cert, key: merchant_key }) }
  const others = { httpsAgent: agent({ cert: sp.merchant_cert, key: sp.merchant_key }) }
  await expect(call('secapi/pay/refund', refund, others)).rejects.toMatchObject({ response: { data: { err_code: 'CERT_ERROR' } } })
  expect(await call('secapi/pay/refund', refund, mine)).toMatchObject({ data: { refund_fee: '40' } })
  await emulator.deliverDue()
  const { req_info = '' } = Transformer.toObject(received.at(-1) ?? '') as Record<string, string>
  const opened = Aes.AesEcb.decrypt(req_info, Hash.md5(settings.api_v2_key))
  expect(Transformer.toObject(opened)).toMatchObject({ out_refund_no: `${out_trade_no}-r`, refund_status: 'SUCCESS' })
  expect(emulator.notifications().map(({ state }) => state)).not.toContain('waiting')
  expect(await call('pay/refundquery', { out_trade_no, sign_type })).toMatchObject({ data: { refund_status_0: 'SUCCESS' } })
})

test('the bill of the day', async () => {
  const { clock } = running.emulator
  const bill_date = new Date(clock.now() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '')
  await clock.advance(34 * 3_600_000)
  const { data } = await call('pay/downloadbill', { bill_date, bill_type: 'ALL' }, { transformResponse: (text: string) => text })
  expect(data).toContain('`axios-v2-MD5')
})

test('an answer that is forged is refused, and so is one without a signature', async () => {
  running.emulator.faults.add({ fault: 'answer.bad_signature' })
  await expect(call('pay/orderquery', { out_trade_no: 'axios-v2-MD5' })).rejects.toThrow()
  running.emulator.faults.add({ fault: 'answer.unsigned' })
  await expect(call('pay/orderquery', { out_trade_no: 'axios-v2-MD5' })).rejects.toThrow()
  await expect(call('pay/orderquery', { out_trade_no: 'axios-v2-MD5' })).resolves.toBeDefined()
})
