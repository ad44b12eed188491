// Posts a message over a real socket, as WeChat does; and hangs up in the middle, as networks do.

import { Agent, type ClientRequest, request } from 'node:http'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Message } from './notification.ts'

export interface Answer {
  status: number
  body: string
  /** Whether it came over a connection that had carried another request. */
  reused: boolean
}

/** One connection for everything that is posted with it. */
export const oneConnection = (): Agent => new Agent({ keepAlive: true, maxSockets: 1 })

export function post(url: string, message: Message, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { ...message.headers, 'content-length': message.body.byteLength }
    const sent: ClientRequest = request(url, { method: 'POST', headers, ...(agent && { agent }) }, (response) => {
      buffer(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, body: body.toString(), reused: sent.reusedSocket }),
        reject,
      )
    })
    sent.on('error', reject).end(message.body)
  })
}

/** Sends the headers and half of the body. Returns what cuts the line. */
export function postHalf(url: string, message: Message): Promise<() => void> {
  const { hostname, port, pathname } = new URL(url)
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${hostname}`,
    `content-length: ${message.body.byteLength}`,
    ...Object.entries(message.headers).map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n')
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(Buffer.concat([Buffer.from(head), message.body.subarray(0, message.body.byteLength / 2)]), () =>
        resolve(() => socket.resetAndDestroy()),
      )
    })
    socket.on('error', reject)
  })
}
