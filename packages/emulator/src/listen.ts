// Serves the emulator on one socket of 127.0.0.1, plain or TLS, behind the loopback guard.

import type { KeyObject } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import { serve } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { StateFileError } from './files/state-file-error.ts'
import type { Handle } from './http/app.ts'
import { ConnectionLost } from './http/connection-lost.ts'
import { factsOfWire, type GuardRules, refusalAnswer, refusalOf } from './http/loopback-guard.ts'
import { writeAnswer } from './http/write-answer.ts'
import type { TlsKeys } from './platform/merchants/authority.ts'

export interface Listening {
  url: string
  close(): Promise<void>
}

/** WeChat closes an idle connection after about 8 seconds (v3-protocol §1). */
const KEEP_ALIVE_MS = 8000

/** Starts listening. With `tls` the server asks for a client certificate and accepts any, because each route judges for itself which one it needs. */
export async function listen(handle: Handle, port: number, rules: GuardRules, tls?: TlsKeys): Promise<Listening> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const server = serve(
    {
      hostname: '127.0.0.1',
      port,
      overrideGlobalObjects: false,
      // The server speaks HTTP/1 only, so these are always objects of node:http.
      fetch: (request, { incoming, outgoing }) =>
        answer(handle, rules, { request, incoming: incoming as IncomingMessage, outgoing: outgoing as ServerResponse }),
      ...(tls
        ? { createServer: createTlsServer, serverOptions: { ...tlsOptions(tls), keepAliveTimeout: KEEP_ALIVE_MS } }
        : { serverOptions: { keepAliveTimeout: KEEP_ALIVE_MS } }),
    },
    (info) => resolve(info.port),
  )
  server.once('error', reject)
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${await promise}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}

function tlsOptions({ server_key, server_cert, ca_cert }: TlsKeys) {
  return { key: server_key, cert: `${server_cert}${ca_cert}`, requestCert: true, rejectUnauthorized: false }
}

interface Asked {
  request: Request
  incoming: IncomingMessage
  outgoing: ServerResponse
}

async function answer(handle: Handle, rules: GuardRules, { request, incoming, outgoing }: Asked): Promise<Response> {
  const refusal = refusalOf(factsOfWire(incoming), rules)
  try {
    const wire = { target: incoming.url, clientKey: clientKeyOf(incoming) }
    await writeAnswer(refusal ? refusalAnswer(refusal) : await handle(request, wire), outgoing)
  } catch (error) {
    // A lost connection is played by closing the socket without an answer.
    if (error instanceof ConnectionLost) incoming.socket.destroy()
    else if (error instanceof StateFileError) await writeAnswer(notKept(error), outgoing)
    else throw error
  }
  return RESPONSE_ALREADY_SENT
}

/** The change is not on the disk. The answer is an error, so that the client does not rely on it. */
function notKept({ message }: StateFileError): Response {
  return Response.json({ code: 'SYSTEM_ERROR', message: message.split('\n')[0] }, { status: 500 })
}

function clientKeyOf({ socket }: IncomingMessage): KeyObject | undefined {
  return 'getPeerX509Certificate' in socket ? (socket as TLSSocket).getPeerX509Certificate()?.publicKey : undefined
}
