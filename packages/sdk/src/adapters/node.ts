// node:http, and all that gives (request, response): Express 4 and 5, Connect, Next.js API routes with `bodyParser: false`.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { headersOf, rawBody } from './raw-body.ts'
import { type AdapterOptions, failure, type Reply, replyTo } from './reply.ts'

/**
 * A request listener, or an Express handler: `app.post('/notify', nodeNotifications({ wechatpay, handle }))`.
 * In Express place it before `express.json()`, or give the route `express.raw({ type: '*\/*' })`.
 */
export function nodeNotifications(options: AdapterOptions): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const body = await rawBody(request)
    const reply: Reply = body === undefined ? failure(413, 'BODY_TOO_LARGE') : await replyTo(options, { headers: headersOf(request), body })
    response.statusCode = reply.status
    if (reply.body !== '') response.setHeader('content-type', 'application/json')
    response.end(reply.body)
  }
}
