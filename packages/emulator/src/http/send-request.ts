// Sends a notification over a socket as WeChat's servers do: names spelled as WeChat spells them, and no header that WeChat does not send.
// The global `fetch` would add accept-language, sec-fetch-mode and accept-encoding.

import { type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http'
import { Agent as TlsAgent, request as tlsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { spelledHeaders } from './header-names.ts'

const PLAIN = new PlainAgent({ keepAlive: true })
const TLS = new TlsAgent({ keepAlive: true })

/** Sends the request and gives the answer, whose body is still to be read. Redirects are not followed. Rejects when the connection fails or the request's signal aborts. */
export async function sendRequest(request: Request): Promise<Response> {
  const body = Buffer.from(await request.arrayBuffer())
  try {
    return await exchange(request, body)
  } catch (error) {
    // The merchant closed an idle connection in the moment in which it was used again: a new one is made.
    if (error instanceof IdleClosed) return exchange(request, body)
    throw error
  }
}

class IdleClosed extends Error {}

function exchange(request: Request, body: Buffer): Promise<Response> {
  const url = new URL(request.url)
  const length = request.method === 'GET' ? [] : ['Content-Length', String(body.byteLength)]
  const headers = ['Host', url.host, ...spelledHeaders(request.headers), ...length]
  const options = { method: request.method, headers, signal: request.signal }
  return new Promise((resolve, reject) => {
    const outgoing =
      url.protocol === 'https:' ? tlsRequest(url, { ...options, agent: TLS }) : plainRequest(url, { ...options, agent: PLAIN })
    outgoing.once('error', (error) => {
      reject(outgoing.reusedSocket && 'code' in error && error.code === 'ECONNRESET' ? new IdleClosed() : error)
    })
    outgoing.once('response', (incoming) => {
      try {
        resolve(responseOf(incoming))
      } catch (error) {
        incoming.destroy()
        reject(error)
      }
    })
    outgoing.end(body)
  })
}

/** @throws RangeError when the status is none that HTTP knows */
function responseOf(incoming: IncomingMessage): Response {
  const { statusCode: status = 0, rawHeaders } = incoming
  const headers = new Headers()
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  const hasBody = ![204, 205, 304].includes(status) && headers.get('content-length') !== '0'
  if (!hasBody) incoming.resume()
  // A web stream of node:stream/web is the global one.
  const body = hasBody ? (Readable.toWeb(incoming) as ReadableStream<Uint8Array>) : null
  return new Response(body, { status, headers })
}
