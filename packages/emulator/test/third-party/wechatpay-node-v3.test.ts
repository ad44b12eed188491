// wechatpay-node-v3, told by `createHttp` where WeChat is: order → cashier → notification → query → close → refund → bill.

import { parseTradeBill } from '@cashdesk/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aStage, load, NOTIFY_URL, paidTwoDaysAgo, type Stage } from './stage.ts'

interface Answer {
  status: number
  // Tests read whatever the answer says; a wrong shape fails the expectation.
  data?: Record<string, string> | string
  error?: string
}
interface Http {
  get(url: string, headers: Record<string, string>): Promise<Answer>
  post(url: string, body: object, headers: Record<string, string>): Promise<Answer>
  upload(): Promise<Answer>
}
interface Pay {
  createHttp(http: Http): void
  transactions_jsapi(order: object): Promise<Answer>
  query(key: object): Promise<Answer>
  close(out_trade_no: string): Promise<Answer>
  refunds(refund: object): Promise<Answer>
  find_refunds(out_refund_no: string): Promise<Answer>
  tradebill(bill: object): Promise<Answer>
  downloadBill(url: string): Promise<Answer>
  get_certificates(key: string): Promise<{ serial_no: string }[]>
  verifySign(notice: Record<'timestamp' | 'nonce' | 'body' | 'serial' | 'signature', string>): Promise<boolean>
  decipher_gcm(ciphertext: string, associated: string, nonce: string, key: string): Record<string, unknown>
}
const WxPay = load('wechatpay-node-v3') as (new (options: object) => Pay) & { certificates: Record<string, string> }

let stage: Stage
let client: Pay
beforeAll(async () => {
  stage = await aStage()
  const { appid, mchid, merchant_cert, merchant_key, merchant_serial, api_v3_key, public_key, public_key_id } = stage.settings
  client = new WxPay({
    appid,
    mchid,
    publicKey: Buffer.from(merchant_cert),
    privateKey: Buffer.from(merchant_key),
    serial_no: merchant_serial,
    key: api_v3_key,
  })
  client.createHttp(http(stage.url))
  WxPay.certificates = { [public_key_id]: public_key }
})
afterAll(() => stage.close())

/** Its hook for another transport; the host is the only thing that changes. */
function http(url: string): Http {
  const send = async (asked: string, init: RequestInit): Promise<Answer> => {
    const answer = await fetch(asked.replace('https://api.mch.weixin.qq.com', url), init)
    const text = await answer.text()
    if (!answer.ok) return { status: answer.status, error: text }
    return { status: answer.status, data: text.startsWith('{') ? JSON.parse(text) : text }
  }
  return {
    get: (asked, headers) => send(asked, { headers }),
    post: (asked, body, headers) => send(asked, { method: 'POST', headers, body: JSON.stringify(body) }),
    upload: () => Promise.reject(new Error('nothing is uploaded here')),
  }
}

function dataOf({ data }: Answer): Record<string, string> {
  return typeof data === 'object' ? data : {}
}

test('the whole way', async () => {
  const order = { description: '拿铁', notify_url: NOTIFY_URL, amount: { total: 100 }, payer: { openid: stage.openid } }
  const placed = await client.transactions_jsapi({ ...order, out_trade_no: 'node-v3-1' })
  expect(placed).toMatchObject({ status: 200, data: { signType: 'RSA' } })
  const { appId: _, ...fields } = dataOf(placed)
  expect(stage.phone(fields)).toEqual({ errMsg: 'requestPayment:ok' })

  const { headers, body } = await stage.newest()
  const [timestamp = '', nonce = '', serial = '', signature = ''] = ['timestamp', 'nonce', 'serial', 'signature'].map(
    (name) => headers[`wechatpay-${name}`] ?? '',
  )
  expect(await client.verifySign({ timestamp, nonce, serial, signature, body })).toBe(true)
  expect(await client.verifySign({ timestamp, nonce, serial, signature, body: `${body} ` })).toBe(false)
  const { resource } = JSON.parse(body) as { resource: Record<'nonce' | 'associated_data' | 'ciphertext', string> }
  const opened = client.decipher_gcm(resource.ciphertext, resource.associated_data, resource.nonce, stage.settings.api_v3_key)
  expect(opened).toMatchObject({ out_trade_no: 'node-v3-1', trade_state: 'SUCCESS' })

  expect(await client.query({ out_trade_no: 'node-v3-1' })).toMatchObject({ data: { trade_state: 'SUCCESS' } })
  await client.transactions_jsapi({ ...order, out_trade_no: 'node-v3-2' })
  expect(await client.close('node-v3-2')).toMatchObject({ status: 204 })
  const refund = { out_trade_no: 'node-v3-1', out_refund_no: 'node-v3-r', amount: { refund: 40, total: 100, currency: 'CNY' } }
  expect(await client.refunds(refund)).toMatchObject({ data: { status: 'PROCESSING' } })
  await stage.emulator.deliverDue()
  expect(await client.find_refunds('node-v3-r')).toMatchObject({ data: { status: 'SUCCESS' } })
})

test('it downloads the certificates and the bill of a day', async () => {
  expect(await client.get_certificates(stage.settings.api_v3_key)).toMatchObject([{ serial_no: stage.settings.platform_serial }])
  const bill_date = await paidTwoDaysAgo(stage, 'node-v3-bill')
  // Its signature leaves out WeChat's host only, so the address must be WeChat's.
  const { download_url = '' } = dataOf(await client.tradebill({ bill_date, bill_type: 'ALL' }))
  const { data } = await client.downloadBill(download_url.replace(stage.url, 'https://api.mch.weixin.qq.com'))
  expect(parseTradeBill(String(data)).rows).toMatchObject([{ out_trade_no: 'node-v3-bill', total: 100 }])
})

test('it gives a forged answer as any other: it verifies none by itself', async () => {
  stage.emulator.faults.add({ fault: 'answer.bad_signature' })
  expect(await client.query({ out_trade_no: 'node-v3-1' })).toMatchObject({ status: 200, data: { trade_state: 'REFUND' } })
})
