// Koa: middleware that reads the body itself; no body parser may have read it before.

import type { IncomingMessage } from 'node:http'
import { headersOf, rawBody } from './raw-body.ts'
import { type AdapterOptions, failure, replyTo } from './reply.ts'

/** The part of Koa's context that is used. */
export interface KoaContext {
  req: IncomingMessage
  request: { body?: unknown; rawBody?: unknown }
  status: number
  body: unknown
  type: string
}

/** `router.post('/notify', koaNotifications({ wechatpay, handle }))` */
export function koaNotifications(options: AdapterOptions): (context: KoaContext) => Promise<void> {
  return async (context) => {
    const { body: parsed, rawBody: kept } = context.request
    // koa-bodyparser keeps the text it read; that is as good as the bytes.
    const source = typeof kept === 'string' ? Buffer.from(kept, 'utf8') : kept
    const body = await rawBody(
      Object.assign(context.req, { ...(source !== undefined && { rawBody: source }), ...(parsed !== undefined && { body: parsed }) }),
    )
    const reply = body === undefined ? failure(413, 'BODY_TOO_LARGE') : await replyTo(options, { headers: headersOf(context.req), body })
    context.status = reply.status
    if (reply.body === '') return
    context.type = 'application/json'
    context.body = reply.body
  }
}
