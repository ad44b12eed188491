// A stranger with 400 connections, in a process of its own: sends the most expensive refused requests that we know, one after the other on each connection,
// until it is told to stop. Then prints how many were answered. `flood.ts URL SERIAL`; loopback only.

import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'

const CONNECTIONS = 400
/** The process ends by itself after this time, in case nobody stops it. */
const LONGEST_MS = 120_000

const [address = '', serial = ''] = process.argv.slice(2)
const url = new URL(address)
if (url.hostname !== '127.0.0.1') throw new TypeError('the flood goes to this machine only')

const CJK = `{"id":"${'拿'.repeat(21_000)}"}`
const ESCAPES = `{"id":"${'\\u62ff\\/'.repeat(8000)}"}`
const XML = `<xml>${'<a><![CDATA[1]]></a>'.repeat(3000)}</xml>`

function notification(named: string, body: string): Buffer {
  const headers = [
    'POST /wechat/shop/notify/payment HTTP/1.1',
    `Host: ${url.host}`,
    `Wechatpay-Timestamp: ${Math.floor(Date.now() / 1000)}`,
    'Wechatpay-Nonce: nonce',
    `Wechatpay-Signature: ${randomBytes(256).toString('base64')}`,
    `Wechatpay-Serial: ${named}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return Buffer.from(`${headers.join('\r\n')}\r\n\r\n${body}`)
}

function guess(path: string, head: string): Buffer {
  const token = `${head}${randomBytes(32).toString('base64url')}`
  return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\nAuthorization: Bearer ${token}\r\n\r\n`)
}

/** Half of the requests are of the most expensive kind. */
const KINDS: readonly (() => Buffer)[] = [
  () => notification(serial, CJK),
  () => notification(serial, ESCAPES),
  () => notification(serial, CJK),
  () => notification('PUB_KEY_ID_0000000000', CJK),
  () => notification(serial, XML),
  () => notification(serial, CJK),
  () => guess('/client/v1/orders/NOT-THERE', 'ct_'),
  () => guess('/v1/orders?merchant=shop', 'cdk_live_0a1b2c3d_'),
]

let refused = 0
let accepted = 0
let sending = true

function stranger(n: number): void {
  let sent = n
  const socket = connect(Number(url.port), url.hostname)
  const next = (): void => {
    const kind = KINDS[sent++ % KINDS.length]
    if (sending && kind) socket.write(kind())
  }
  let head = ''
  let missing = 0
  socket.on('connect', next)
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    let text = chunk.toString('latin1')
    if (missing > 0) {
      missing -= text.length
      text = ''
    }
    head += text
    const end = head.indexOf('\r\n\r\n')
    if (end >= 0) {
      if (/^HTTP\/1.1 2/.test(head)) accepted++
      else refused++
      missing = Number(/content-length: ([0-9]+)/i.exec(head)?.[1] ?? 0) - (head.length - end - 4)
      head = ''
    }
    if (missing <= 0 && head === '') next()
  })
  socket.on('close', () => {
    if (sending) setTimeout(() => stranger(sent), 10)
  })
}

for (let n = 0; n < CONNECTIONS; n++) stranger(n)
console.log('flood ready')
const report = (): void => {
  sending = false
  console.log(`flood ${refused} refused ${accepted} accepted`)
  process.exit(0)
}
process.on('SIGTERM', report)
setTimeout(report, LONGEST_MS)
