// HTTP/1.1 over a socket, written and read by hand: the tests see every byte, the spelling of names, and where an answer breaks off.

import { createSign } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

export interface Line {
  url: string
  /** The certificate authority, for https. */
  ca?: string | undefined
}

export interface RawAnswer {
  /** Everything that came, as latin1, so that each character is one byte. */
  bytes: string
  statusLine: string
  /** Names as they were sent, in their order. */
  headers: [name: string, value: string][]
  body: string
}

export function open({ url, ca }: Line, connected: (socket: Socket) => void): Socket {
  const { hostname, port, protocol } = new URL(url)
  if (protocol === 'http:') {
    const socket = connect(Number(port), hostname, () => connected(socket))
    return socket
  }
  const socket = connectTls({ host: hostname, port: Number(port), servername: 'localhost', ...(ca !== undefined && { ca }) }, () =>
    connected(socket),
  )
  return socket
}

/** Sends the lines and the body, and reads until the other side closes the connection. */
export function exchange(line: Line, lines: readonly string[], body = ''): Promise<RawAnswer> {
  return new Promise((resolve) => {
    let bytes = ''
    const head = [...lines, 'Host: api.mch.weixin.qq.com', `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close', '', body]
    const socket = open(line, (connected) => connected.write(head.join('\r\n')))
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => (bytes += chunk))
    // A reset is one way of closing.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(parsed(bytes)))
  })
}

export function parsed(bytes: string): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = (end < 0 ? bytes : bytes.slice(0, end)).split('\r\n')
  const headers = lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])
  return { bytes, statusLine, headers, body: end < 0 ? '' : bytes.slice(end + 4) }
}

/** The value under exactly this name. */
export function exact({ headers }: Pick<RawAnswer, 'headers'>, name: string): string {
  return headers.find(([sent]) => sent === name)?.[1] ?? ''
}

export interface Signer {
  mchid: string
  merchant_serial: string
  merchant_key: string
}

let nonces = 0

/** The head of a v3 request, signed with nothing but node's crypto. */
export function signedLines(
  signer: Signer,
  method: string,
  target: string,
  body = '',
  more: readonly string[] = [],
  now = Date.now(),
): string[] {
  const timestamp = Math.floor(now / 1000)
  nonces += 1
  const nonce = `raw${nonces}`
  const message = `${method}\n${target}\n${timestamp}\n${nonce}\n${body}\n`
  const signature = createSign('RSA-SHA256').update(message).sign(signer.merchant_key, 'base64')
  const pairs = `mchid="${signer.mchid}",serial_no="${signer.merchant_serial}",nonce_str="${nonce}",timestamp="${timestamp}"`
  return [
    `${method} ${target} HTTP/1.1`,
    `Authorization: WECHATPAY2-SHA256-RSA2048 ${pairs},signature="${signature}"`,
    'Accept: application/json',
    'User-Agent: raw',
    'Content-Type: application/json',
    ...more,
  ]
}
