// For everything that uses Request and Response: Next.js route handlers, Hono, Deno, Bun, workers.

import { NOTIFICATION_BODY_BYTES_MAX } from '../notifications/receive.ts'
import { type AdapterOptions, type Body, replyTo } from './reply.ts'

/** A function from Request to Response. */
export function fetchNotifications(options: AdapterOptions): (request: Request) => Promise<Response> {
  return async (request) => {
    const reply = await replyTo(options, request.headers, () => bytes(request))
    if (reply.status === 204) return new Response(null, { status: 204 })
    return new Response(reply.body, { status: reply.status, headers: { 'content-type': 'application/json' } })
  }
}

async function bytes(request: Request): Promise<Body> {
  // The body was already read, for example by `await request.json()`: its bytes are lost.
  if (request.bodyUsed) return { parsed: undefined }
  // A too large content-length is refused without reading: stopping in the middle may cut the connection before the answer is sent.
  if (Number(request.headers.get('content-length')) > NOTIFICATION_BODY_BYTES_MAX) return 'too large'
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > NOTIFICATION_BODY_BYTES_MAX) return 'too large'
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
