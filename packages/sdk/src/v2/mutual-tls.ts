// The connection to WeChat for refunds: node:https with the merchant's client certificate (v2-protocol §1). PEM, because Node refuses WeChat's old .p12 files.

import { Agent, request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { createSecureContext } from 'node:tls'
import { KeyError } from '@cashdesk/protocol'
import type { Fetch } from '../ports.ts'

export interface ClientCertificate {
  /** PEM text of `apiclient_cert.pem`. */
  cert: string
  /** PEM text of `apiclient_key.pem`. */
  key: string
  /** PEM of a certificate authority to trust besides Node's own, for an emulator in WeChat's place. The server's certificate is always checked. */
  ca?: string | undefined
}

/** WeChat closes an idle connection after about 8 seconds. We close it earlier, so that no request is sent on a closing connection. */
const IDLE_MS = 7000

/** Makes no connection yet. @throws KeyError if certificate and key do not match */
export function mutualTlsFetch({ cert, key, ca }: ClientCertificate): Fetch {
  const agent = new Agent({ keepAlive: true, timeout: IDLE_MS, rejectUnauthorized: true, secureContext: context(cert, key, ca) })
  return async (request) => {
    const body = Buffer.from(await request.arrayBuffer())
    return new Promise((resolve, reject) => {
      const headers = { ...Object.fromEntries(request.headers), 'content-length': String(body.length) }
      const sent = httpsRequest(request.url, { method: request.method, headers, agent, signal: request.signal }, (answer) => {
        const entries = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
          value ? [[name, String(value)]] : [],
        )
        // Readable.toWeb returns Node's own type of the same stream.
        resolve(new Response(Readable.toWeb(answer) as ReadableStream, { status: answer.statusCode ?? 0, headers: entries }))
      })
      sent.once('error', reject)
      sent.end(body)
    })
  }
}

function context(cert: string, key: string, ca: string | undefined): ReturnType<typeof createSecureContext> {
  try {
    return createSecureContext({ cert, key, ...(ca && { ca }) })
  } catch {
    // OpenSSL's error text may quote the key, so it is not passed on.
    throw new KeyError('ERR_KEY_INVALID', { what: 'client certificate', problem: 'not a PEM pair of certificate and key that fit' })
  }
}
