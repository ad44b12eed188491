// One request as bytes on a socket, so that nothing tidies the request line or the headers on the way.

import { connect } from 'node:net'

export interface RawAnswer {
  status: number
  text: string
}

export function raw(url: string, lines: readonly string[], body = ''): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(Number(port), hostname, () => socket.end(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n${body}`))
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => (text += chunk))
    socket.once('error', reject)
    socket.once('close', () => resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text }))
  })
}

/** A POST with these headers; each is a whole line. */
export function rawPost(url: string, path: string, headers: readonly string[], body = '{}'): Promise<RawAnswer> {
  return raw(url, [`POST ${path} HTTP/1.1`, ...headers, `Content-Length: ${Buffer.byteLength(body)}`], body)
}
