// A consumer in TypeScript. It is checked against the packed declarations.

import { createServer } from 'node:http'
import { requestMessage } from '@cashdesk/protocol'
import type { JsapiOrder } from '@cashdesk/protocol/spec'
import { ApiError, createWechatPay, type Notification, type WechatPay } from '@cashdesk/sdk'
import { nodeNotifications } from '@cashdesk/sdk/adapters'
import { explain } from '@cashdesk/sdk/explain'
import { createWechatPayV2 } from '@cashdesk/sdk/v2'

export const wechatpay: WechatPay = createWechatPay({
  mchid: '1900000001',
  signer: { serial_no: 'ABCDEF', privateKey: '' },
  apiV3Key: 'k'.repeat(32),
  publicKeys: {},
})

export const total = (order: JsapiOrder): number => order.amount.total

export function paid(notification: Notification): string | undefined {
  return notification.kind === 'payment' ? notification.transaction.out_trade_no : undefined
}

export async function place(): Promise<string> {
  try {
    const { prepay_id } = await wechatpay.transactions.jsapi({
      appid: 'wx8888888888888888',
      description: '拿铁',
      out_trade_no: 'ORDER-0001',
      notify_url: 'https://pay.example.com/notify',
      amount: { total: 2800 },
      payer: { openid: 'o' },
    })
    return prepay_id
  } catch (error) {
    return error instanceof ApiError ? error.outcome : String(explain(error))
  }
}

export const server = createServer(nodeNotifications({ wechatpay, handle: (notification) => void paid(notification) }))
export const sentence: string = requestMessage('GET', '/v3/certificates', '1', 'n', '').toString()
export { createWechatPayV2 }
