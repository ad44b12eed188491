// WeChat's v2 in a few lines: it checks our signature, and answers as its documents say.

import { type VirtualClock, virtualClock } from '@cashdesk/emulator'
import { apiV2Key, formatFields, openV2, type SignType, sealV2 } from '@cashdesk/protocol/v2'
import type { Fetch } from '../../src/index.ts'
import { createWechatPayV2, type V2UnifiedOrderInput, type WechatPayV2, type WechatPayV2Options } from '../../src/v2/index.ts'

export const NOW = Date.parse('2026-11-24T02:00:00Z')
export const KEY = '192006250b4c09247ec02edce69f6a2d'
export const APPID = 'wxd930ea5d5a258f4f'
export const MCH_ID = '10000100'
export const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'

type Fields = Readonly<Record<string, string>>
/** The fields of a signed answer; a text is sent as it is. */
export type Answer = Readonly<Record<string, string | number>> | string

export interface WechatV2 {
  clock: VirtualClock
  /** What arrived with a signature that holds. */
  seen: { path: string; host: string; fields: Fields }[]
  client: WechatPayV2
}

export interface WechatV2Options extends Partial<WechatPayV2Options> {
  answers: Readonly<Record<string, (fields: Fields) => Answer>>
  /** Stands between client and WeChat. */
  network?: (request: Request, wechat: Fetch) => Promise<Response>
}

export function aWechatV2({ answers, network, ...options }: WechatV2Options): WechatV2 {
  const clock = virtualClock(NOW)
  const signType: SignType = options.signType ?? 'HMAC-SHA256'
  const trust = { key: apiV2Key(KEY), signType }
  const seen: WechatV2['seen'] = []
  const fetch: Fetch = async (request) => {
    const { pathname, host } = new URL(request.url)
    const text = await request.text()
    // The fund flow bill takes HMAC-SHA256 only.
    const fields = openV2(pathname.endsWith('fundflow') ? { ...trust, signType: 'HMAC-SHA256' } : trust, text)
    seen.push({ path: pathname, host, fields })
    const answer = answers[pathname]?.(fields) ?? formatFields({ return_code: 'FAIL', return_msg: '404' })
    if (typeof answer === 'string') return new Response(answer)
    const parties = { return_code: 'SUCCESS', return_msg: 'OK', appid: APPID, mch_id: MCH_ID, nonce_str: 'n', result_code: 'SUCCESS' }
    return new Response(sealV2(trust, { ...parties, ...answer }))
  }
  const client = createWechatPayV2({
    appid: APPID,
    mch_id: MCH_ID,
    apiV2Key: KEY,
    signType,
    baseURL: 'https://wechat.test',
    clock,
    fetch: (request) => (network ? network(request, fetch) : fetch(request)),
    mutualFetch: fetch,
    ...options,
  })
  return { clock, seen, client }
}

export function anOrder(change: Partial<V2UnifiedOrderInput> = {}): V2UnifiedOrderInput {
  return {
    body: '拿铁 & <大杯>',
    out_trade_no: 'ORDER-0001',
    total_fee: 2800,
    spbill_create_ip: '127.0.0.1',
    notify_url: 'https://pay.example.com/notify',
    openid: OPENID,
    ...change,
  }
}

/** The error an act ends in. */
export async function errorOf(act: Promise<unknown>): Promise<Error> {
  const error: unknown = await act.then(
    () => new Error('nothing was thrown'),
    (caught: unknown) => caught,
  )
  return error instanceof Error ? error : new Error('something else than an error was thrown')
}
