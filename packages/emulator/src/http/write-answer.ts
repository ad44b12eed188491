// Writes an answer on a socket. A body may break off, because a fault says so: then what came before it arrives, and the connection drops.

import type { ServerResponse } from 'node:http'
import { ConnectionLost } from './connection-lost.ts'

/** Resolves when all is written, or nobody is there to read it any more. */
export async function writeAnswer(response: Response, outgoing: ServerResponse): Promise<void> {
  // A client that hangs up is no error of ours.
  outgoing.on('error', () => {})
  const { status, headers, body } = response
  // Without a length the whole is waited for, so that it can be told.
  const bytes = body && !headers.has('content-length') ? Buffer.from(await response.arrayBuffer()) : undefined
  if (bytes) headers.set('content-length', String(bytes.byteLength))
  outgoing.writeHead(status, [...headers].flat())
  try {
    if (bytes) await written(outgoing, bytes)
    else for await (const piece of body ?? []) await written(outgoing, piece)
    outgoing.end()
  } catch (error) {
    outgoing.socket?.destroy()
    if (!(error instanceof ConnectionLost)) throw error
  }
}

/** Goes on when the bytes have left, or the connection has. */
function written(outgoing: ServerResponse, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    if (outgoing.destroyed) {
      reject(new ConnectionLost('the client hung up'))
      return
    }
    const gone = (): void => reject(new ConnectionLost('the client hung up'))
    outgoing.once('close', gone)
    outgoing.write(bytes, () => {
      outgoing.off('close', gone)
      resolve()
    })
  })
}
