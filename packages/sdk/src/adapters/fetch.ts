// Everything that speaks Request and Response: Next.js route handlers, Hono, Deno, Bun, workers.

import { NOTIFICATION_BODY_BYTES_MAX } from '../notifications/receive.ts'
import { type AdapterOptions, failure, type Reply, replyTo } from './reply.ts'

/** A function from Request to Response. */
export function fetchNotifications(options: AdapterOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const body = await bytes(request)
    const reply: Reply = body === undefined ? failure(413, 'BODY_TOO_LARGE') : await replyTo(options, { headers: request.headers, body })
    if (reply.status === 204) return new Response(null, { status: 204 })
    return new Response(reply.body, { status: reply.status, headers: { 'content-type': 'application/json' } })
  }
}

async function bytes(request: Request): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > NOTIFICATION_BODY_BYTES_MAX) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
