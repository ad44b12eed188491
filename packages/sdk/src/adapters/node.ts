// node:http, and every framework with (request, response): Express 4 and 5, Connect, Next.js API routes with `bodyParser: false`.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { headersOf, type Leftovers, rawBody } from './raw-body.ts'
import { type AdapterOptions, type Reply, replyTo } from './reply.ts'

/**
 * A request listener, or an Express handler: `app.post('/notify', nodeNotifications({ wechatpay, handle }))`.
 * In Express place it before `express.json()`, or give the route `express.raw({ type: '*\/*' })`.
 */
export function nodeNotifications(
  options: AdapterOptions,
): (request: IncomingMessage & Leftovers, response: ServerResponse) => Promise<void> {
  return (request, response) => answer(options, request, request, response)
}

/** `left` is what a body parser before this handler left on the request. */
export async function answer(options: AdapterOptions, request: IncomingMessage, left: Leftovers, response: ServerResponse): Promise<void> {
  write(response, await replyTo(options, headersOf(request), () => rawBody(request, left)))
}

function write(response: ServerResponse, reply: Reply): void {
  // A timeout of the framework may already have answered.
  if (response.headersSent) return
  response.statusCode = reply.status
  if (reply.body !== '') response.setHeader('content-type', 'application/json')
  response.end(reply.body)
}
