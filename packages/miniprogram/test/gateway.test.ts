// A real HTTP server that answers in place of ours, like a firewall, a captive portal or a broken upstream, and the phone behind it.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, aPhone, type Call, callOf, deskOf, FIELDS, good, INPUT, MARK, TOKEN } from './phone.ts'

type Reply = (response: ServerResponse) => void

let reply: Reply
let intercepted: Call
let origin = ''

const server = createServer((request: IncomingMessage, response) => {
  request.resume()
  const call = callOf({ url: (request.url ?? '').replace(/\?.*/, '') })
  if (call === intercepted) reply(response)
  else json(good(call))(response)
})
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const json =
  ({ status, data }: Answer): Reply =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(data))
const raw =
  (status: number, type: string, body: string | Buffer, more: Record<string, string> = {}): Reply =>
  (response) =>
    response.writeHead(status, { 'content-type': type, ...more }).end(status === 204 || status === 304 ? undefined : body)

const HTML = '<!doctype html><title>Blocked</title>'
const REPLIES: readonly [string, Reply][] = [
  ...[200, 201, 202, 403, 404, 405, 429, 500, 502, 503, 504].flatMap((status): [string, Reply][] => [
    [`HTML ${status}`, raw(status, 'text/html', HTML)],
    [`nothing ${status}`, raw(status, 'text/plain', '')],
    [`{} ${status}`, raw(status, 'application/json', '{}')],
    [`a gateway's JSON ${status}`, raw(status, 'application/json', '{"code":0,"message":"ok","data":null}')],
    [`an array ${status}`, raw(status, 'application/json', '[]')],
    [`null ${status}`, raw(status, 'application/json', 'null')],
  ]),
  ['204', raw(204, 'text/plain', '')],
  ['304', raw(304, 'text/plain', '')],
  ['HTML that claims to be JSON', raw(200, 'application/json', HTML)],
  ['half of a JSON object', raw(200, 'application/json', '{"token":"t","timeSt')],
  ['bytes that are no UTF-8', raw(200, 'application/json', Buffer.from([0xff, 0xfe, 0x7b, 0x7d]))],
  ['a redirect to a page', raw(302, 'text/html', HTML, { location: '/portal' })],
  [
    'our answer, cut short',
    (response) => void response.writeHead(200, { 'content-length': '999' }).write('{"token":"t"', () => response.destroy()),
  ],
  ['a connection that is cut', (response) => response.destroy()],
]

/** Like wx.request: JSON if the body parses, text otherwise. */
async function overFetch(asked: {
  method: string
  url: string
  header: Record<string, string>
  data?: object | undefined
}): Promise<Answer> {
  try {
    const response = await fetch(asked.url, {
      method: asked.method,
      headers: asked.header,
      ...(asked.data && { body: JSON.stringify(asked.data) }),
    })
    const text = await response.text()
    try {
      return { status: response.status, data: JSON.parse(text) as unknown }
    } catch {
      return { status: response.status, data: text }
    }
  } catch (error) {
    throw { errMsg: `request:fail ${String(error)}` }
  }
}

test.each(REPLIES)('C2: %s on any call leaves the payment pending, and nothing of it reaches storage or the cashier', async (_, answer) => {
  reply = answer
  for (const call of ['session', 'pay', 'order'] as const) {
    intercepted = call
    const phone = aPhone(overFetch, { errMsg: 'requestPayment:fail cancel' })
    const outcome = await deskOf(phone, origin).pay(INPUT)
    expect(outcome.status, call).toBe('pending')
    expect(phone.storage.get(MARK), call).toBe('ORDER0001')
    expect(phone.paid, call).toEqual(call === 'order' ? [FIELDS] : [])
    expect(phone.storage.get(TOKEN), call).toBe(call === 'session' ? undefined : 'token-1')
  }
})
