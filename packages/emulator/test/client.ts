// Our own SDK as the client of a world: it verifies every answer and opens every notification.

import { createWechatPay, type WechatPay } from '@cashdesk/sdk'
import type { MerchantKeySettings } from '../src/index.ts'
import type { World } from './world.ts'

export function aClient(world: World, mchid: string, keys: MerchantKeySettings): WechatPay {
  return createWechatPay({
    mchid,
    signer: { serial_no: keys.merchant_serial, privateKey: keys.merchant_key },
    apiV3Key: keys.api_v3_key,
    publicKeys: { [keys.public_key_id]: keys.public_key },
    baseURL: world.emulator.settings.base_url,
    fetch: (request) => world.emulator.fetch(request),
    clock: world.clock,
    retries: 0,
  })
}

/** The SDK as the direct merchant, and as the service provider. */
export function clients(world: World): { shop: WechatPay; provider: WechatPay } {
  const { settings } = world.emulator
  return { shop: aClient(world, settings.mchid, settings), provider: aClient(world, settings.sp.sp_mchid, settings.sp) }
}

/** The newest thing that the endpoint received, as the SDK takes it. */
export function received(world: World, client: WechatPay): ReturnType<WechatPay['receive']> {
  const newest = world.endpoint.received.at(-1)
  if (!newest) throw new Error('nothing was received')
  return client.receive(newest)
}
