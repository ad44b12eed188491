// A TCP proxy that spoils connections, usable in front of anything: it knows bytes, and nothing of what they say.

import { connect, createServer, type Server, type Socket } from 'node:net'
import { forwardSpoiled } from './spoil.ts'
import type { TcpFault } from './tcp-fault.ts'

export interface TcpProxyOptions {
  target: { host: string; port: number }
  /** A free one when absent. */
  port?: number
}

export interface TcpProxy {
  port: number
  /** For the next `times` connections (1); without a fault, for none. */
  spoil(fault: TcpFault | undefined, times?: number): void
  close(): Promise<void>
}

/** Listens on 127.0.0.1 and passes everything on until it is told to spoil it. */
export async function startTcpProxy({ target, port = 0 }: TcpProxyOptions): Promise<TcpProxy> {
  const open = new Set<Socket>()
  let armed: { fault: TcpFault; times: number } | undefined

  const next = (): TcpFault | undefined => {
    const fault = armed?.fault
    if (armed) armed = armed.times > 1 ? { ...armed, times: armed.times - 1 } : undefined
    return fault
  }
  const track = (socket: Socket): void => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    // Whatever goes wrong on one side closes the other; there is nobody to tell.
    socket.on('error', () => socket.destroy())
  }

  const server = createServer({ allowHalfOpen: true }, (client) => {
    track(client)
    const fault = next()
    if (fault?.kind === 'reset_before') return void client.resetAndDestroy()
    if (fault?.kind === 'black_hole') return void client.resume()
    const upstream = connect({ ...target, allowHalfOpen: true })
    track(upstream)
    client.once('close', () => upstream.destroy())
    client.pipe(upstream)
    forwardSpoiled(upstream, client, fault)
  })
  const listening = await listen(server, port)

  return {
    port: listening,
    spoil(fault, times = 1) {
      armed = fault && { fault, times }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      // A string only for a pipe, which this is not.
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}
