// A whole payment, against the emulator. In this repository run `npx cashdesk emulator --dir .wechat`, then `npm run quickstart`. For the
// real WeChat only the configuration changes, and the phone makes the last call.

import { readFileSync } from 'node:fs'
import { createMiniProgram, createWechatPay } from '@cashdesk/sdk'

const wechat = JSON.parse(readFileSync(process.argv[2] ?? '.wechat/emulator.json', 'utf8'))
const pem = (path: string) => readFileSync(path, 'utf8')
const ask = async (path: string, body: object) =>
  (
    await fetch(wechat.base_url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  ).json()

const program = createMiniProgram({ appid: wechat.appid, app_secret: wechat.app_secret, baseURL: wechat.base_url })
const wechatpay = createWechatPay({
  mchid: wechat.mchid,
  signer: { serial_no: wechat.merchant_serial, privateKey: pem(wechat.merchant_key_path) },
  apiV3Key: wechat.api_v3_key,
  publicKeys: { [wechat.public_key_id]: pem(wechat.public_key_path) },
  baseURL: wechat.base_url,
})

const { code } = (await ask('/_emulator/login', { appid: wechat.appid, openid: wechat.users[0].openid })) as { code: string }
const { openid } = await program.code2Session(code)
const out_trade_no = `QUICK-${Date.now()}`
const order = {
  appid: program.appid,
  description: '拿铁',
  out_trade_no,
  notify_url: 'http://127.0.0.1:9/notify',
  amount: { total: 2800 },
  payer: { openid },
}
const { prepay_id } = await wechatpay.transactions.jsapi(order)
const fields = await wechatpay.requestPayment({ appid: program.appid, prepay_id })
console.log(await ask('/_emulator/cashier', { ...fields, appId: program.appid, openid }))
console.log((await wechatpay.transactions.byOutTradeNo(out_trade_no)).trade_state)
