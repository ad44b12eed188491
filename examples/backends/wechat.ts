// Our identity at WeChat, from the environment. Against the emulator: WECHAT=.wechat/emulator.json, which `npx cashdesk emulator --dir .wechat` writes.

import { readFileSync } from 'node:fs'
import { createMiniProgram, createWechatPay } from '@cashdesk/sdk'
import { createShop, type Shop } from './shop.ts'

/** The parts of emulator.json that are used here; for the real WeChat use your own secrets in their place. */
interface Settings {
  base_url: string
  appid: string
  app_secret: string
  mchid: string
  merchant_serial: string
  merchant_key_path: string
  api_v3_key: string
  public_key_id: string
  public_key_path: string
}

/** WeChat reaches us at PUBLIC_URL. */
export function shopFromEnvironment(): { shop: Shop; wechatpay: ReturnType<typeof createWechatPay> } {
  const settings = JSON.parse(readFileSync(process.env['WECHAT'] ?? '.wechat/emulator.json', 'utf8')) as Settings
  const wechatpay = createWechatPay({
    mchid: settings.mchid,
    signer: { serial_no: settings.merchant_serial, privateKey: readFileSync(settings.merchant_key_path, 'utf8') },
    apiV3Key: settings.api_v3_key,
    publicKeys: { [settings.public_key_id]: readFileSync(settings.public_key_path, 'utf8') },
    // Only for the emulator: without it the SDK calls WeChat's own two hosts.
    baseURL: settings.base_url,
  })
  const program = createMiniProgram({ appid: settings.appid, app_secret: settings.app_secret, baseURL: settings.base_url })
  const notify_url = `${process.env['PUBLIC_URL'] ?? 'http://127.0.0.1:3000'}/api/notify`
  return { shop: createShop({ wechatpay, program, notify_url }), wechatpay }
}
