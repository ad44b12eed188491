// The raw bytes of a Node request: read here, or taken from a parser that left them raw. A parsed body is refused, loudly.

import type { IncomingMessage } from 'node:http'
import type { HeaderSource } from '@cashdesk/protocol'
import { NOTIFICATION_BODY_BYTES_MAX } from '../notifications/receive.ts'

/** Undefined when the body is too large. What is not bytes is handed on as it is: `receive` refuses it and names the switch. */
export async function rawBody(request: IncomingMessage & { body?: unknown; rawBody?: unknown }): Promise<Uint8Array | undefined> {
  if (request.rawBody instanceof Uint8Array) return request.rawBody
  // Parsed or raw, `receive` tells the two apart and names the framework's switch.
  if (request.body !== undefined) return request.body as Uint8Array
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > NOTIFICATION_BODY_BYTES_MAX) return undefined
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
