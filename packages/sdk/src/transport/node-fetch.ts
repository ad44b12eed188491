// The way to WeChat in production: node:https with connections kept alive, a shape like fetch and half its cost.

import http from 'node:http'
import https from 'node:https'
import { Readable } from 'node:stream'
import type { Fetch } from '../ports.ts'

/** WeChat closes an idle connection after about 8 seconds (v3-protocol §1); ours go first, so that no request meets a closing one. */
const IDLE_MS = 7000
const SOCKETS_MAX = 256

/** Connections of one client. Verification of certificates is on, whatever the environment says. */
export function nodeFetch(): Fetch {
  const options = { keepAlive: true, maxSockets: SOCKETS_MAX, timeout: IDLE_MS, scheduling: 'lifo' } as const
  const secure = new https.Agent({ ...options, rejectUnauthorized: true })
  const plain = new http.Agent(options)

  return async (request) => {
    const url = new URL(request.url)
    const body = request.body ? Buffer.from(await request.arrayBuffer()) : undefined
    const [module, agent] = url.protocol === 'https:' ? [https, secure] : [http, plain]
    return new Promise((resolve, reject) => {
      const headers = Object.fromEntries(request.headers)
      if (body) headers['content-length'] = String(body.length)
      const sent = module.request(url, { method: request.method, headers, agent, signal: request.signal }, (answer) => {
        resolve(responseOf(answer))
      })
      sent.once('error', reject)
      sent.end(body)
    })
  }
}

function responseOf(answer: http.IncomingMessage): Response {
  const status = answer.statusCode ?? 0
  const headers = new Headers()
  for (let i = 0; i < answer.rawHeaders.length; i += 2) headers.append(answer.rawHeaders[i] ?? '', answer.rawHeaders[i + 1] ?? '')
  const empty = status === 204 || status === 304
  if (empty) answer.resume()
  return new Response(empty ? null : (Readable.toWeb(answer) as ReadableStream), { status, headers })
}
