// A merchant who speaks v2 by hand, and our SDK as one.

import { apiV2Key, type Fields, openV2, readFields, type SignType, sealV2, v2RequestPayment } from '@cashdesk/protocol/v2'
import { createWechatPayV2, type WechatPayV2 } from '@cashdesk/sdk/v2'
import type { CashierResult } from '../src/index.ts'
import type { World } from './world.ts'

export interface V2PostOptions {
  signType?: SignType
  key?: string
  /** Changes the signed XML on its way. */
  change?: (xml: string) => string
  method?: string
}

/** Posts signed fields and gives what came back as it is. */
export async function postV2(world: World, path: string, fields: Record<string, string | number>, options: V2PostOptions = {}) {
  const { settings, fetch } = world.emulator
  const { signType = 'MD5', key = settings.api_v2_key, change = (xml) => xml, method = 'POST' } = options
  const xml = sealV2(
    { key: apiV2Key(key), signType },
    { appid: settings.appid, mch_id: settings.mchid, nonce_str: 'n0', ...(options.signType && { sign_type: signType }), ...fields },
  )
  const body = change(xml)
  const init = method === 'POST' ? { method, body } : { method }
  return fetch(new Request(`${settings.base_url}${path}`, init))
}

/** The fields of the answer; one with a signature is verified. */
export async function callV2(
  world: World,
  path: string,
  fields: Record<string, string | number>,
  options: V2PostOptions = {},
): Promise<Fields> {
  const text = await (await postV2(world, path, fields, options)).text()
  const answer = readFields(text)
  if (answer['return_code'] !== 'SUCCESS') return { ...answer }
  const { settings } = world.emulator
  const key = fields['mch_id'] === settings.sp.sp_mchid ? settings.sp.api_v2_key : settings.api_v2_key
  return { ...openV2({ key: apiV2Key(key), signType: options.signType ?? 'MD5' }, text) }
}

export const UNIFIED = '/pay/unifiedorder'

export function aV2Order({ emulator }: World, more: Record<string, string | number> = {}): Record<string, string | number> {
  return {
    body: '一杯咖啡 & <大杯>',
    out_trade_no: 'v2-order-0001',
    total_fee: 100,
    spbill_create_ip: '127.0.0.1',
    notify_url: 'https://shop.test/v2/paid',
    trade_type: 'JSAPI',
    openid: emulator.settings.users[0]?.openid ?? '',
    ...more,
  }
}

/** What the phone does with an order signed as `signType` says. */
export function payV2(world: World, prepay_id: string, signType: SignType = 'MD5', more: Record<string, unknown> = {}): CashierResult {
  const { appid, users, api_v2_key } = world.emulator.settings
  const trust = { key: apiV2Key(api_v2_key), signType }
  const fields = v2RequestPayment(trust, { appid, prepay_id, nonceStr: 'abc', now: world.clock.now() })
  return world.emulator.cashier({ appId: appid, openid: users[0]?.openid ?? '', ...fields, ...more })
}

/** Places and pays; the notification is due, not delivered. */
export async function placeAndPayV2(world: World, more: Record<string, string | number> = {}): Promise<void> {
  const { prepay_id } = await callV2(world, UNIFIED, aV2Order(world, more))
  payV2(world, prepay_id ?? '')
}

/** The SDK's v2 client of the direct merchant, or of the service provider. */
export function aClientV2({ emulator, clock }: World, signType: SignType, who: 'direct' | 'partner' = 'direct'): WechatPayV2 {
  const { settings } = emulator
  const { sp } = settings
  return createWechatPayV2({
    ...(who === 'direct'
      ? { appid: settings.appid, mch_id: settings.mchid, apiV2Key: settings.api_v2_key }
      : { appid: sp.sp_appid, mch_id: sp.sp_mchid, apiV2Key: sp.api_v2_key }),
    signType,
    baseURL: settings.base_url,
    fetch: (request) => emulator.fetch(request),
    // On plain HTTP no client certificate is asked for.
    mutualFetch: (request) => emulator.fetch(request),
    clock,
  })
}

export const V2_OK = '<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>'
