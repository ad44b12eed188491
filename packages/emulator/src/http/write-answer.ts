// Writes an answer to a socket. When a fault cuts the body off, the bytes before the cut are sent and then the connection is dropped.

import type { ServerResponse } from 'node:http'
import { ConnectionLost } from './connection-lost.ts'
import { spelledHeaders } from './header-names.ts'

/** Resolves when everything is written, or when the client has gone. */
export async function writeAnswer(response: Response, outgoing: ServerResponse): Promise<void> {
  // A client that hangs up is not an error of the emulator.
  outgoing.on('error', () => {})
  const { status, headers, body } = response
  // A body without a content-length is read completely first, so that its length can be sent.
  const bytes = body && !headers.has('content-length') ? Buffer.from(await response.arrayBuffer()) : undefined
  if (bytes) headers.set('content-length', String(bytes.byteLength))
  // Without it node would send an empty body in chunks. WeChat's 204 has it too.
  else if (!body) headers.set('content-length', '0')
  outgoing.writeHead(status, spelledHeaders(headers))
  try {
    if (bytes) await written(outgoing, bytes)
    else for await (const piece of body ?? []) await written(outgoing, piece)
    outgoing.end()
  } catch (error) {
    outgoing.socket?.destroy()
    if (!(error instanceof ConnectionLost)) throw error
  }
}

/** Resolves when the bytes have been handed over; rejects when the connection is gone. */
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
