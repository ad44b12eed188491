// The merchant that the client under test works for, acting without that client: it places an order and the user pays.

import type { Emulator } from '@cashdesk/emulator'
import { formatAuthorization, privateKey, requestMessage, sign } from '@cashdesk/protocol'

export interface Order {
  out_trade_no: string
  description: string
  /** Fen. */
  total: number
  openid: string
  notify_url: string
}

const TARGET = '/v3/pay/transactions/jsapi'

export async function orderAndPay(emulator: Emulator, order: Order): Promise<void> {
  const { settings } = emulator
  const body = JSON.stringify(bodyOf(emulator, order))
  const timestamp = String(Math.floor(emulator.clock.now() / 1000))
  const nonce_str = order.out_trade_no
  const signature = await sign(privateKey(settings.merchant_key), requestMessage('POST', TARGET, timestamp, nonce_str, body))
  const authorization = formatAuthorization({ mchid: settings.mchid, serial_no: settings.merchant_serial, nonce_str, timestamp, signature })
  const headers = {
    Authorization: authorization,
    'Content-Type': 'application/json',
    Accept: 'application/json',
    'User-Agent': 'conformance',
  }
  const answer = await emulator.fetch(new Request(`${settings.base_url}${TARGET}`, { method: 'POST', headers, body }))
  const { prepay_id } = (await answer.json()) as { prepay_id?: string }
  if (prepay_id === undefined) throw new TypeError(`the order of a scenario was refused: HTTP ${answer.status}`)
  await payByHand(emulator, prepay_id)
}

async function payByHand(emulator: Emulator, prepay_id: string): Promise<void> {
  const pay = new Request(`${emulator.settings.base_url}/_emulator/orders/pay`, { method: 'POST', body: JSON.stringify({ prepay_id }) })
  const { errMsg } = (await (await emulator.fetch(pay)).json()) as { errMsg: string }
  if (errMsg !== 'requestPayment:ok') throw new TypeError(`the payment of a scenario failed: ${errMsg}`)
}

/** The body of a direct merchant's JSAPI order (v3-endpoints §1). */
function bodyOf({ settings }: Emulator, { total, openid, ...order }: Order) {
  return { appid: settings.appid, mchid: settings.mchid, ...order, amount: { total, currency: 'CNY' }, payer: { openid } }
}
