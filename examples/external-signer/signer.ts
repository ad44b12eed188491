// A Signer whose key is in another process, which it asks over a socket. Pass it to createWechatPay as `signer`.

import { createConnection, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import type { Signer } from '@cashdesk/sdk'

export interface SocketSigner extends Signer {
  close(): void
}

interface Waiting {
  resolve(signature: string): void
  reject(error: Error): void
}

/** Many signatures may be in progress at once; each answer has the id of its request. */
export function socketSigner(serial_no: string, path: string): SocketSigner {
  const waiting = new Map<number, Waiting>()
  let socket: Socket | undefined
  let last = 0

  const connect = (): Socket => {
    const fresh = createConnection(path)
    const fail = (error: Error): void => {
      socket = undefined
      for (const one of waiting.values()) one.reject(error)
      waiting.clear()
    }
    fresh.on('error', fail)
    fresh.on('close', () => fail(new Error('The keeper of the key has closed the connection.')))
    createInterface(fresh)
      .on('line', (line) => {
        const { id, signature } = JSON.parse(line) as { id: number; signature: string }
        waiting.get(id)?.resolve(signature)
        waiting.delete(id)
      })
      // The socket's own error event reports it.
      .on('error', () => {})
    return fresh
  }

  return {
    serial_no,
    sign: (message) =>
      new Promise((resolve, reject) => {
        socket ??= connect()
        const id = ++last
        waiting.set(id, { resolve, reject })
        socket.write(`${JSON.stringify({ id, message: Buffer.from(message).toString('base64') })}\n`)
      }),
    close: () => socket?.end(),
  }
}
