// A WeChat for the SDK to talk to: the emulator under a virtual clock, with the client of its direct merchant or its provider.

import { createEmulator, type Emulator, type EmulatorKeys, generateKeys, type VirtualClock, virtualClock } from '@cashdesk/emulator'
import { createWechatPay, type Fetch, type JsapiInput, type WechatPay, type WechatPayOptions } from '../src/index.ts'

/** The emulator's numbers never change. */
export const IDS = { mchid: '1900000001', sp_mchid: '1900000002' }

export const NOW = Date.parse('2026-11-24T02:00:00Z')

let keys: Promise<EmulatorKeys> | undefined

export interface Wechat {
  clock: VirtualClock
  emulator: Emulator
  /** Requests that reached WeChat, as `METHOD path`. */
  seen: string[]
  client(change?: Partial<WechatPayOptions>): WechatPay
  partner(change?: Partial<WechatPayOptions>): WechatPay
  order(change?: Partial<JsapiInput>): JsapiInput
}

/** `network` stands between client and WeChat. */
export async function aWechat(
  network: (request: Request, wechat: Fetch) => Promise<Response> = (request, wechat) => wechat(request),
): Promise<Wechat> {
  const clock = virtualClock(NOW)
  keys ??= generateKeys(NOW)
  const emulator = await createEmulator({
    clock,
    keys: await keys,
    // A client here verifies with the public key or with certificates, as each test says.
    keyKind: 'both',
    behaviour: { public_key_share: 10_000 },
    fetch: async () => new Response(null, { status: 204 }),
  })
  const { settings } = emulator
  const seen: string[] = []
  const fetch: Fetch = (request) => {
    seen.push(`${request.method} ${new URL(request.url).pathname}`)
    return network(request, emulator.fetch)
  }
  // Repeating waits, and this clock stands still: the tests that repeat say so and move it.
  const common = { clock, fetch, baseURL: 'https://wechat.test', retries: 0 }
  let numbers = 0
  return {
    clock,
    emulator,
    seen,
    client: (change) =>
      createWechatPay({
        ...common,
        mchid: settings.mchid,
        signer: { serial_no: settings.merchant_serial, privateKey: settings.merchant_key },
        apiV3Key: settings.api_v3_key,
        publicKeys: { [settings.public_key_id]: settings.public_key },
        ...change,
      }),
    partner: (change) =>
      createWechatPay({
        ...common,
        mchid: settings.sp.sp_mchid,
        signer: { serial_no: settings.sp.merchant_serial, privateKey: settings.sp.merchant_key },
        apiV3Key: settings.sp.api_v3_key,
        publicKeys: { [settings.sp.public_key_id]: settings.sp.public_key },
        ...change,
      }),
    order: (change = {}) => ({
      appid: settings.appid,
      description: '拿铁',
      out_trade_no: `ORDER-${1000 + numbers++}`,
      notify_url: 'https://pay.example.com/notify',
      amount: { total: 2800 },
      payer: { openid: settings.users[0]?.openid ?? '' },
      ...change,
    }),
  }
}
