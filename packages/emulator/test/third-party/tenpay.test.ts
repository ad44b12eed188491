// tenpay, a client of v2, told by `urls` alone where WeChat is: order → cashier → notification → query → close → refund → bill.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { aStage, dayOf, load, NOTIFY_URL, nextDay, type Stage } from './stage.ts'

type Fields = Record<string, string>
interface Notified {
  body: string
  weixin?: Fields & { req_info: Fields }
}
interface Reply {
  reply(message?: string): void
  header(): void
  send(xml: string): void
}
interface Tenpay {
  urls: Record<string, string>
  unifiedOrder(order: object): Promise<Fields>
  getPayParamsByPrepay(order: object, signType?: string): object
  orderQuery(key: object): Promise<Fields>
  closeOrder(key: object): Promise<Fields>
  refund(refund: object): Promise<Fields>
  refundQuery(key: object): Promise<Fields>
  downloadBill(bill: object, format: boolean): Promise<{ list_title: string[]; list_data: string[][] }>
  downloadFundflow(bill: object): Promise<string>
  middlewareForExpress(type: 'pay' | 'refund'): (request: Notified, response: Reply, next: () => void) => Promise<void>
}
const Payment = load('tenpay') as new (config: object) => Tenpay

let stage: Stage
let client: Tenpay
beforeAll(async () => {
  stage = await aStage()
  const { appid, mchid, api_v2_key } = stage.settings
  client = new Payment({ appid, mchid, partnerKey: api_v2_key, notify_url: NOTIFY_URL, refund_url: NOTIFY_URL })
  for (const [name, url] of Object.entries(client.urls)) client.urls[name] = url.replace('https://api.mch.weixin.qq.com', stage.url)
})
afterAll(() => stage.close())

/** The client reads the notification and answers it. */
function receive(type: 'pay' | 'refund'): Notified['weixin'][] {
  const seen: Notified['weixin'][] = []
  stage.answer = async ({ body }) => {
    const request: Notified = { body }
    let answer = ''
    const response: Reply = {
      reply: () => undefined,
      header: () => undefined,
      send(xml) {
        answer = xml
      },
    }
    await client.middlewareForExpress(type)(request, response, () => {
      seen.push(request.weixin)
      response.reply()
    })
    return new Response(answer)
  }
  return seen
}

test.each(['MD5', 'HMAC-SHA256'])('the whole way, signed with %s', async (sign_type) => {
  const out_trade_no = `tenpay-${sign_type}`
  const order = await client.unifiedOrder({ out_trade_no, body: '拿铁 & <大杯>', total_fee: 100, openid: stage.openid, sign_type })
  expect(order).toMatchObject({ result_code: 'SUCCESS', prepay_id: expect.stringMatching(/^wx/) })
  expect(stage.phone(client.getPayParamsByPrepay(order, sign_type))).toEqual({ errMsg: 'requestPayment:ok' })

  const paid = receive('pay')
  await stage.newest()
  expect(paid).toMatchObject([{ out_trade_no, total_fee: '100', openid: stage.openid }])
  expect(stage.emulator.notifications().at(-1)).toMatchObject({ state: 'delivered' })
  expect(await client.orderQuery({ out_trade_no, sign_type })).toMatchObject({ trade_state: 'SUCCESS' })

  const other = `${out_trade_no}-2`
  await client.unifiedOrder({ out_trade_no: other, body: '茶', total_fee: 1, openid: stage.openid, sign_type })
  expect(await client.closeOrder({ out_trade_no: other, sign_type })).toMatchObject({ result_code: 'SUCCESS' })
  await expect(client.closeOrder({ out_trade_no, sign_type })).rejects.toThrow('ORDERPAID')

  const refunded = receive('refund')
  const refund = { out_trade_no, out_refund_no: `${out_trade_no}-r`, total_fee: 100, refund_fee: 40, sign_type }
  expect(await client.refund(refund)).toMatchObject({ refund_fee: '40' })
  await stage.newest()
  expect(refunded).toMatchObject([{ req_info: { out_refund_no: `${out_trade_no}-r`, refund_status: 'SUCCESS' } }])
  expect(await client.refundQuery({ out_trade_no, sign_type })).toMatchObject({ refund_status_0: 'SUCCESS', refund_fee_0: '40' })
})

test('bills of the day', async () => {
  const bill_date = dayOf(stage)
  await nextDay(stage)
  const bill = await client.downloadBill({ bill_date }, true)
  expect(bill.list_data.filter((row) => row.includes('tenpay-MD5'))).toHaveLength(2)
  expect(bill.list_title).toContain('商户订单号')
  expect(await client.downloadFundflow({ bill_date })).toContain('tenpay-MD5')
  await expect(client.downloadBill({ bill_date: '20200101' }, true)).rejects.toThrow('data format error')
})

test('an answer that is forged is refused', async () => {
  stage.emulator.faults.add({ fault: 'answer.bad_signature' })
  await expect(client.orderQuery({ out_trade_no: 'tenpay-MD5' })).rejects.toThrow('sign签名错误')
})
