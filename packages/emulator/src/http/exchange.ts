// One request as it came over the wire, with its exact target and its raw body, because signatures cover these bytes.

import type { KeyObject } from 'node:crypto'

/** Facts that only the socket knows. */
export interface Wire {
  /** The target of the request line. A URL parser would normalise it. */
  target?: string | undefined
  /** The public key of the client's TLS certificate, whoever issued it. */
  clientKey?: KeyObject | undefined
}

export interface Exchange {
  method: string
  /** Path and query, exactly as sent. */
  target: string
  path: string
  query: URLSearchParams
  headers: Headers
  body: Buffer
  /** Scheme and host under which the client reached us. */
  origin: string
  /** See `Wire`. */
  clientKey: KeyObject | undefined
}

/** More bytes than any request of WeChat's v3 API has that carries no file. */
const REQUEST_BYTES_MAX: number = 1024 * 1024

/** Reads the request; `undefined` when the body is too large. */
export async function readExchange(request: Request, { target, clientKey }: Wire): Promise<Exchange | undefined> {
  const url = new URL(request.url)
  const wire = target?.startsWith('/') ? target : `${url.pathname}${url.search}`
  const body = await readBody(request)
  if (!body) return undefined
  const mark = wire.indexOf('?')
  return {
    method: request.method,
    target: wire,
    path: mark < 0 ? wire : wire.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : wire.slice(mark + 1)),
    headers: request.headers,
    body,
    origin: url.origin,
    clientKey,
  }
}

async function readBody(request: Request): Promise<Buffer | undefined> {
  if (!request.body) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > REQUEST_BYTES_MAX) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The nonce as the client wrote it, even when the rest of its Authorization is wrong. */
export function nonceOf(headers: Headers): string | undefined {
  return /nonce_str="([^"]*)"/.exec(headers.get('Authorization') ?? '')?.[1]
}
