// A WeChat that uses hardly any CPU: one signed prepay_id for every order, so that a flood of orders saturates the server and not WeChat.
// The schedule also asks about orders that nobody pays; they are not paid here either. `bare-wechat.ts KEYS_JSON`, with the emulator's keys.

import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EmulatorKeys } from '@cashdesk/emulator'
import { signAnswer } from '@cashdesk/protocol'

const { direct } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as EmulatorKeys
const key = { serial: direct.public_key_id, privateKey: createPrivateKey(direct.public_key_private) }
const BODY = JSON.stringify({ prepay_id: 'wx291234567890' })

let headers: Record<string, string> = {}
const sign = async (): Promise<void> => {
  headers = { ...(await signAnswer(key, BODY, Date.now(), 'nonce')), 'Content-Type': 'application/json', 'Request-ID': 'bench' }
}
await sign()
setInterval(() => void sign(), 60_000).unref()

async function notPaid(out_trade_no: string, mchid: string, answer: ServerResponse): Promise<void> {
  const body = JSON.stringify({ mchid, out_trade_no, trade_state: 'NOTPAY', trade_state_desc: '订单未支付' })
  const signed = await signAnswer(key, body, Date.now(), 'nonce')
  answer.writeHead(200, { ...signed, 'Content-Type': 'application/json', 'Request-ID': 'bench' }).end(body)
}

const server = createServer((request, answer) => {
  request.resume()
  const asked = /^\/v3\/pay\/transactions\/out-trade-no\/([^?]+)\?mchid=([0-9]+)/.exec(request.url ?? '')
  if (asked) void notPaid(asked[1] ?? '', asked[2] ?? '', answer)
  else request.on('end', () => answer.writeHead(200, { ...headers, 'Content-Length': BODY.length }).end(BODY))
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => console.log(`bare wechat ready http://127.0.0.1:${(server.address() as AddressInfo).port}`))
