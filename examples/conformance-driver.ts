// The driver of @cashdesk/sdk for `cashdesk emulator conformance`. For another client, in any language, only the calls differ: it reads one line of JSON per
// call and writes one per answer (docs/how-to/conformance.md).

import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { createWechatPay } from '@cashdesk/sdk'

const wechat = JSON.parse(readFileSync(process.env['CASHDESK_EMULATOR'] ?? '', 'utf8'))
const pem = (path: string) => readFileSync(path, 'utf8')
const wechatpay = createWechatPay({
  mchid: wechat.mchid,
  signer: { serial_no: wechat.merchant_serial, privateKey: pem(wechat.merchant_key_path) },
  apiV3Key: wechat.api_v3_key,
  publicKeys: { [wechat.public_key_id]: pem(wechat.public_key_path) },
  platformCertificates: 'download',
  baseURL: wechat.base_url,
  retries: 1,
})

// biome-ignore lint/suspicious/noExplicitAny: each call has its own input, as the how-to describes it
const calls: Record<string, (input: any) => Promise<unknown>> = {
  order: ({ total, openid, ...order }) =>
    wechatpay.transactions.jsapi({ appid: wechat.appid, ...order, amount: { total }, payer: { openid } }),
  pay_fields: ({ prepay_id }) => wechatpay.requestPayment({ appid: wechat.appid, prepay_id }),
  query: ({ out_trade_no }) => wechatpay.transactions.byOutTradeNo(out_trade_no),
  close: ({ out_trade_no }) => wechatpay.transactions.close(out_trade_no),
  refund: ({ refund, total, ...input }) => wechatpay.refunds.create({ ...input, amount: { refund, total, currency: 'CNY' } }),
  async notification({ headers, body }) {
    const notification = await wechatpay.receive({ headers: new Headers(headers), body: Buffer.from(body) })
    if (notification.kind !== 'payment') throw new Error(`a notification of ${notification.kind}`)
    return notification.transaction
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, call, input } = JSON.parse(line)
  const answer = await (calls[call]?.(input) ?? Promise.reject(new Error('no such call'))).then(
    (result) => ({ id, ok: true, result }),
    (error) => ({ id, ok: false, error: String(error) }),
  )
  console.log(JSON.stringify(calls[call] ? answer : { id, unsupported: true }))
}
