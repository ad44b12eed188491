// A notification as WeChat posts it: sealed, signed, with the headers of HTTP; or wrong in one way.

import type { EmulatorKeys } from '@cashdesk/emulator'
import { apiV3Key, PROBE_PREFIX, privateKey, sealNotification, signAnswer } from '@cashdesk/protocol'
import { IDS, NOW } from '../wechat.ts'

export interface Message {
  headers: Record<string, string>
  body: Buffer
}

export interface Make {
  /** Seconds of its signature, from now. */
  seconds?: number
  /** The mark of WeChat's probes, in place of the signature's beginning. */
  probe?: boolean
  /** Bytes of the whole body, filled up with spaces that the signature covers. */
  bytes?: number
  content_type?: string
}

export async function aNotification({ direct }: EmulatorKeys, make: Make = {}): Promise<Message> {
  const sealed = sealNotification(apiV3Key(direct.api_v3_key), {
    id: 'id-1',
    create_time: '2026-11-24T10:00:00+08:00',
    event_type: 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    original_type: 'transaction',
    resource: {
      appid: 'wx8888888888888888',
      mchid: IDS.mchid,
      out_trade_no: 'ORDER-0001',
      transaction_id: '4200000001',
      trade_type: 'JSAPI',
      trade_state: 'SUCCESS',
      trade_state_desc: '支付成功',
      success_time: '2026-11-24T10:00:00+08:00',
      payer: { openid: 'o' },
      amount: { total: 2800, payer_total: 2800, currency: 'CNY', payer_currency: 'CNY' },
    },
    nonce: 'abcdefghijkl',
  })
  const bare = Buffer.from(sealed)
  const body = make.bytes === undefined ? bare : Buffer.concat([bare, Buffer.alloc(make.bytes - bare.byteLength, ' ')])
  const signer = { serial: direct.public_key_id, privateKey: privateKey(direct.public_key_private) }
  const signed = await signAnswer(signer, body, NOW + (make.seconds ?? 0) * 1000, 'nonce')
  return { headers: { 'content-type': make.content_type ?? 'application/json', ...signed, ...(make.probe && probed(signed)) }, body }
}

function probed(signed: Record<string, string>): Record<string, string> {
  return { 'Wechatpay-Signature': `${PROBE_PREFIX}${signed['Wechatpay-Signature']?.slice(PROBE_PREFIX.length)}` }
}
