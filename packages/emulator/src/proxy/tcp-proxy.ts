// A TCP proxy that spoils connections. It works in front of any server, because it handles bytes and no protocol.

import { connect, createServer, type Server, type Socket } from 'node:net'
import { forwardSpoiled } from './spoil.ts'
import type { TcpFault } from './tcp-fault.ts'

export interface TcpProxyOptions {
  target: { host: string; port: number }
  /** The port to listen on; a free one when absent. */
  port?: number
}

export interface TcpProxy {
  port: number
  /** Plays the fault on the next `times` connections; 1 when absent. Without a fault, ends the current one. */
  spoil(fault: TcpFault | undefined, times?: number): void
  close(): Promise<void>
}

/** Listens on 127.0.0.1 and passes everything on, until `spoil` is called. */
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
    // An error on one side closes the other side too. The proxy itself has nothing to report it to.
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
      // The address is a string only for a pipe, and this server has a port.
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}
