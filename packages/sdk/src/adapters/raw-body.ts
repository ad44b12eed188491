// The raw bytes of a Node request: read here, or taken from a parser that kept them. A parsed body is refused, loudly.

import type { IncomingMessage } from 'node:http'
import type { HeaderSource } from '@cashdesk/protocol'
import { NOTIFICATION_BODY_BYTES_MAX } from '../notifications/receive.ts'
import type { Body } from './reply.ts'

/** What a body parser left behind: the bytes or text it kept, and what it made of them. */
export interface Leftovers {
  rawBody?: unknown
  body?: unknown
}

/** @throws when the sender hangs up in the middle. */
export async function rawBody(request: IncomingMessage, left: Leftovers): Promise<Body> {
  const { rawBody: kept, body } = left
  if (kept instanceof Uint8Array) return kept
  if (body instanceof Uint8Array) return body
  // koa-bodyparser keeps the text it read. Should its decoding have changed a byte, the signature says so.
  if (typeof kept === 'string') return Buffer.from(kept, 'utf8')
  // Somebody read the bytes and kept none. (An untouched stream is read below, though some parsers leave `{}` beside it.)
  if (request.readableDidRead) return { parsed: body }
  const all = await readAll(request)
  // What is still under way goes nowhere: the sender comes to read the answer, and the connection serves on.
  if (all === 'too large') request.resume()
  return all
}

async function readAll(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  let size = 0
  // Left early, a plain `for await` would destroy the socket, and the answer with it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > NOTIFICATION_BODY_BYTES_MAX) return 'too large'
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export function headersOf(request: IncomingMessage): HeaderSource {
  return {
    get(name) {
      const value = request.headers[name.toLowerCase()]
      return (Array.isArray(value) ? value[0] : value) ?? null
    },
  }
}
