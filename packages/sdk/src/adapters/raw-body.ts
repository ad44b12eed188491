// The raw bytes of a Node request: read here, or taken from a parser that kept them. A body of which only the parsed form is left is refused.

import type { IncomingMessage } from 'node:http'
import type { HeaderSource } from '@cashdesk/protocol'
import { NOTIFICATION_BODY_BYTES_MAX } from '../notifications/receive.ts'
import type { Body } from './reply.ts'

/** What a body parser left behind: the bytes or text it kept, and the parsed value. */
export interface Leftovers {
  rawBody?: unknown
  body?: unknown
}

/** @throws when the sender hangs up in the middle of the body. */
export async function rawBody(request: IncomingMessage, left: Leftovers): Promise<Body> {
  const { rawBody: kept, body } = left
  if (kept instanceof Uint8Array) return kept
  if (body instanceof Uint8Array) return body
  // koa-bodyparser keeps the text it read. If decoding changed a byte, the signature check fails.
  if (typeof kept === 'string') return Buffer.from(kept, 'utf8')
  // The bytes were read and not kept. (An untouched stream is read below, even if a parser left `{}` beside it.)
  if (request.readableDidRead) return { parsed: body }
  const all = await readAll(request)
  // The rest of the body is read and discarded, so that the sender gets our answer and the connection stays usable.
  if (all === 'too large') request.resume()
  return all
}

async function readAll(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = []
  let size = 0
  // By default, leaving `for await` early destroys the socket, and the answer could not be sent.
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
