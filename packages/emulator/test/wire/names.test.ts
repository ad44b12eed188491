// What a socket shows of answers and notifications: status lines, the spelling of names, types, lengths (v3-protocol §4, v3-notifications §1).

import { createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningEmulator, startEmulator } from '../../src/index.ts'
import { JSAPI, TITLES } from './calls.ts'
import { exact, exchange, type Line, parsed, type RawAnswer, signedLines } from './socket.ts'

let running: RunningEmulator
const lines: Record<'plain' | 'tls', Line> = { plain: { url: '' }, tls: { url: '' } }
/** Requests of the emulator to a merchant, as bytes. */
const told: string[] = []
const merchant = createServer((socket: Socket) => {
  let bytes = ''
  socket.setEncoding('latin1')
  socket.on('error', () => undefined)
  socket.on('data', (chunk: string) => {
    bytes += chunk
    if (!bytes.includes('\r\n\r\n')) return
    const { statusLine, headers, body } = parsed(bytes)
    if (body.length < Number(exact({ headers }, 'Content-Length') || 0)) return
    told.push(bytes)
    bytes = ''
    // The check of a push address wants its echostr back, v2 its word; v3 wants only the status.
    const echo = /[?&]echostr=([^& ]*)/.exec(statusLine)?.[1]
    const ok = echo ?? '<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>'
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${ok.length}\r\n\r\n${ok}`)
  })
})
let notify_url = ''

beforeAll(async () => {
  running = await startEmulator({ port: 0, tlsPort: 0, behaviour: { refund_delay_ms: 0 } })
  lines.plain = { url: running.url }
  lines.tls = { url: running.tls?.url ?? '', ca: running.tls?.ca_cert }
  await new Promise<void>((resolve) => merchant.listen(0, '127.0.0.1', resolve))
  const address = merchant.address()
  notify_url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/told`
})
afterAll(async () => {
  await running.close()
  merchant.close()
})

const SIGNED = ['Wechatpay-Nonce', 'Wechatpay-Serial', 'Wechatpay-Signature', 'Wechatpay-Signature-Type', 'Wechatpay-Timestamp']
const V3 = ['Cache-Control', 'Content-Language', 'Content-Length', 'Content-Type', 'Date', 'Server', 'X-Content-Type-Options']

function namesOf({ headers }: RawAnswer): string[] {
  return headers.map(([name]) => name).sort()
}

async function orderOf(line: Line, out_trade_no: string, more: object = {}): Promise<RawAnswer> {
  const { appid, mchid, users } = running.emulator.settings
  const order = { appid, mchid, description: '拿铁', out_trade_no, notify_url, amount: { total: 100 }, payer: { openid: users[0]?.openid } }
  const body = JSON.stringify({ ...order, ...more })
  return exchange(line, signedLines(running.emulator.settings, 'POST', JSAPI, body), body)
}

for (const line of ['plain', 'tls'] as const) {
  test(`B1: a signed answer of v3, ${line}`, async () => {
    const answer = await orderOf(lines[line], `names-${line}-000`)
    expect(answer.statusLine).toBe('HTTP/1.1 200 OK')
    expect(namesOf(answer)).toEqual([...V3, ...SIGNED, 'Connection', 'Request-ID'].sort())
    expect(exact(answer, 'Content-Type')).toBe('application/json; charset=utf-8')
    expect(exact(answer, 'Content-Length')).toBe(String(answer.body.length))
    expect(exact(answer, 'Wechatpay-Signature-Type')).toBe('WECHATPAY2-SHA256-RSA2048')
  })

  test(`B1: refusals of v3, signed and unsigned, and a 204, ${line}`, async () => {
    const { settings } = running.emulator
    const wrong = await orderOf(lines[line], 'x')
    expect(wrong.statusLine).toBe('HTTP/1.1 400 Bad Request')
    expect(namesOf(wrong)).toEqual([...V3, ...SIGNED, 'Connection', 'Request-ID', 'X-Emulator-Why'].sort())
    const strange = await exchange(lines[line], [
      'GET /v3/certificates HTTP/1.1',
      'Accept: */*',
      'User-Agent: raw',
      'Authorization: Bearer x',
    ])
    expect(strange.statusLine).toBe('HTTP/1.1 401 Unauthorized')
    expect(namesOf(strange)).toEqual([...V3, 'Connection', 'Request-ID', 'X-Emulator-Why'].sort())
    const body = JSON.stringify({ mchid: settings.mchid })
    const target = `/v3/pay/transactions/out-trade-no/names-${line}-closed/close`
    const closed = await exchange(lines[line], signedLines(settings, 'POST', target, body), body)
    expect(closed.statusLine).toBe('HTTP/1.1 204 No Content')
    expect(namesOf(closed)).toEqual([...V3, ...SIGNED, 'Connection', 'Request-ID'].sort())
    expect(exact(closed, 'Content-Length')).toBe('0')
    const unknown = await exchange(lines[line], ['GET /v3/unknown HTTP/1.1'])
    expect(unknown).toMatchObject({ statusLine: 'HTTP/1.1 404 Not Found', body: '' })
    expect(exact(unknown, 'Content-Length')).toBe('0')
  })

  test(`B1: v2 and api.weixin.qq.com, ${line}`, async () => {
    const v2 = await exchange(lines[line], ['POST /pay/orderquery HTTP/1.1', 'Content-Type: text/xml'], '<xml><a>1</a></xml>')
    expect(v2.statusLine).toBe('HTTP/1.1 200 OK')
    expect(namesOf(v2)).toEqual(['Connection', 'Content-Length', 'Content-Type', 'Date'])
    const sns = await exchange(lines[line], ['GET /sns/jscode2session HTTP/1.1'])
    expect(exact(sns, 'Content-Type')).toBe('text/plain')
    const cgi = await exchange(lines[line], ['GET /cgi-bin/token HTTP/1.1'])
    expect(namesOf(cgi)).toEqual(['Connection', 'Content-Length', 'Content-Type', 'Date'])
    expect(exact(cgi, 'Content-Type')).toBe('application/json; charset=UTF-8')
  })
}

test('B1: a connection is kept open, and an idle one is said to be closed after 8 seconds', async () => {
  const answer = await fetch(`${running.url}/v3/unknown`)
  expect(answer.headers.get('connection')).toBe('keep-alive')
  expect(answer.headers.get('keep-alive')).toBe('timeout=8')
})

test('B1: a notification over v3 has the names of WeChat and none of a browser', async () => {
  told.length = 0
  const { body } = await orderOf(lines.plain, 'names-told-1')
  const paid = await fetch(`${running.url}/_emulator/orders/pay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prepay_id: (JSON.parse(body) as { prepay_id: string }).prepay_id }),
  })
  expect(paid.status).toBe(200)
  await running.emulator.deliverDue()
  const { statusLine, headers } = parsed(told[0] ?? '')
  expect(statusLine).toBe('POST /told HTTP/1.1')
  const names = ['Host', 'Accept', 'Content-Type', 'User-Agent', 'Content-Length', 'Connection', 'Request-ID', ...SIGNED]
  expect(headers.map(([name]) => name).sort()).toEqual(names.sort())
  expect(exact({ headers }, 'User-Agent')).toBe('Mozilla/4.0')
  expect(exact({ headers }, 'Content-Type')).toBe('application/json')
})

test('B1: a notification over v2, a message push and the check of its address have no more names than they need', async () => {
  told.length = 0
  const post = (path: string, body: object) =>
    fetch(`${running.url}/_emulator${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const { mchid } = running.emulator.settings
  await post('/refunds/notify-url', { mchid, notify_url })
  const { body } = await orderOf(lines.plain, 'names-told-2')
  await post('/orders/pay', { prepay_id: (JSON.parse(body) as { prepay_id: string }).prepay_id })
  const { transaction_id } = running.emulator.truth().ledger.at(-1) as { transaction_id: string }
  await post('/refunds', { transaction_id, amount: 1 })
  await running.emulator.deliverDue()
  const xml = told.map(parsed).find(({ headers }) => exact({ headers }, 'Content-Type') === 'text/xml')
  expect(xml?.headers.map(([name]) => name).sort()).toEqual(TITLES)

  told.length = 0
  const { appid } = running.emulator.settings
  const set = await post('/message-push', { appid, url: notify_url, token: 'CashdeskPush1' })
  expect(set.status).toBe(200)
  await post('/message-push/send', { appid, message: { MsgType: 'event', Event: 'trade_manage_remind_access_api' } })
  await running.emulator.deliverDue()
  const [check, push] = told.map((bytes) => parsed(bytes))
  expect(check?.statusLine).toMatch(/^GET \/told\?\S*echostr=/)
  expect(check?.headers.map(([name]) => name).sort()).toEqual(TITLES.filter((name) => !name.startsWith('Content-')))
  expect(push?.statusLine).toMatch(/^POST \/told\?\S*signature=/)
  expect(push?.headers.map(([name]) => name).sort()).toEqual(TITLES)
})
