// The answer's way back through the TCP proxy, spoiled as the fault asks.

import type { Socket } from 'node:net'
import type { TcpFault } from './tcp-fault.ts'

export function forwardSpoiled(upstream: Socket, client: Socket, fault: TcpFault | undefined): void {
  switch (fault?.kind) {
    case 'reset_after':
      upstream.once('data', () => client.resetAndDestroy())
      return
    case 'half_close':
      upstream.once('data', () => client.end())
      return
    case 'truncate':
      truncate(upstream, client, fault.bytes)
      return
    case 'delay':
      slowly(upstream, client, (chunk) => [[chunk, fault.ms]])
      return
    case 'drip':
      slowly(upstream, client, (chunk) => Array.from(chunk, (byte) => [Buffer.from([byte]), fault.ms_per_byte]))
      return
    default:
      upstream.pipe(client)
  }
}

function truncate(upstream: Socket, client: Socket, bytes: number): void {
  let left = bytes
  upstream.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, left)
    left -= part.byteLength
    if (left > 0) client.write(part)
    else client.end(part)
  })
  upstream.once('end', () => client.end())
}

/** Sends the pieces one after the other, each after its own wait. */
function slowly(upstream: Socket, client: Socket, piecesOf: (chunk: Buffer) => [piece: Buffer, wait_ms: number][]): void {
  const pieces: [Buffer, number][] = []
  let ended = false
  let waiting = false
  let timer: NodeJS.Timeout | undefined
  client.once('close', () => clearTimeout(timer))
  const next = (): void => {
    const piece = pieces.shift()
    if (!piece) {
      waiting = false
      if (ended) client.end()
      return
    }
    waiting = true
    timer = setTimeout(() => {
      if (client.writable) client.write(piece[0])
      next()
    }, piece[1])
  }
  upstream.on('data', (chunk: Buffer) => {
    pieces.push(...piecesOf(chunk))
    if (!waiting) next()
  })
  upstream.once('end', () => {
    ended = true
    if (!waiting) next()
  })
}
