// The connection to WeChat in production: node:https with keep-alive, as a wire for calls, and as a fetch for streams.

import http from 'node:http'
import https from 'node:https'
import { Readable } from 'node:stream'
import { urlToHttpOptions } from 'node:url'
import type { Fetch } from '../ports.ts'
import { gathering, type Wire } from './wire.ts'

/** WeChat closes an idle connection after about 8 seconds (v3-protocol §1). We close it earlier, so that no request is sent on a closing connection. */
const IDLE_MS = 7000
const SOCKETS_MAX = 256

export interface NodeNetwork {
  wire: Wire
  fetch: Fetch
}

/** The connections of one client. Certificates are always verified, even with NODE_TLS_REJECT_UNAUTHORIZED=0. */
export function nodeNetwork(): NodeNetwork {
  const begin = connections()
  return { wire: wireOver(begin), fetch: fetchOver(begin) }
}

/** Only the fetch. */
export function nodeFetch(): Fetch {
  return nodeNetwork().fetch
}

type Begin = (url: string, options: { method: string; headers: Record<string, string | number> }) => http.ClientRequest

function connections(): Begin {
  const options = { keepAlive: true, maxSockets: SOCKETS_MAX, timeout: IDLE_MS, scheduling: 'lifo' } as const
  const secure = new https.Agent({ ...options, rejectUnauthorized: true })
  const plain = new http.Agent(options)
  /** A client has one or two hosts, so each URL's origin is parsed only once. */
  const known = new Map<string, https.RequestOptions>()
  const optionsOf = (origin: string): https.RequestOptions => {
    const before = known.get(origin)
    if (before) return before
    const fresh = { ...urlToHttpOptions(new URL(origin)), agent: origin.startsWith('https:') ? secure : plain }
    known.set(origin, fresh)
    return fresh
  }
  return (url, init) => {
    const end = url.indexOf('/', url.indexOf('//') + 2)
    const options = { ...optionsOf(url.slice(0, end)), path: url.slice(end), ...init }
    return options.agent === secure ? https.request(options) : http.request(options)
  }
}

function wireOver(begin: Begin): Wire {
  return ({ method, url, headers, body, signal, bytesMax }) =>
    new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
      const sent = begin(url, { method, headers: { ...headers, ...length } })
      signal.addEventListener('abort', () => sent.destroy(), { once: true })
      sent.once('error', reject)
      sent.once('response', (answer) => {
        const gathered = gathering(bytesMax)
        answer.on('data', (chunk: Uint8Array) => {
          try {
            gathered.add(chunk)
          } catch (tooLarge) {
            reject(tooLarge)
            sent.destroy()
          }
        })
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, headers: headersOf(answer), body: gathered.whole() }))
        answer.once('error', reject)
      })
      sent.end(body)
    })
}

/** For a repeated header, the value that node:http makes of it. */
function headersOf({ headers }: http.IncomingMessage): { get(name: string): string | null } {
  return {
    get(name) {
      const value = headers[name.toLowerCase()]
      return Array.isArray(value) ? value.join(', ') : (value ?? null)
    },
  }
}

function fetchOver(begin: Begin): Fetch {
  return async (request) => {
    const body = request.body ? Buffer.from(await request.arrayBuffer()) : undefined
    request.signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const headers: Record<string, string | number> = Object.fromEntries(request.headers)
      if (body) headers['content-length'] = body.length
      const sent = begin(request.url, { method: request.method, headers })
      request.signal.addEventListener('abort', () => sent.destroy(), { once: true })
      sent.once('error', reject)
      sent.once('response', (answer) => resolve(responseOf(answer)))
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
