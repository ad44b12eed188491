// Koa: middleware that reads the body itself, or takes the text that koa-bodyparser kept.

import type { IncomingMessage } from 'node:http'
import { headersOf, type Leftovers, rawBody } from './raw-body.ts'
import { type AdapterOptions, replyTo } from './reply.ts'

/** The part of Koa's context that this adapter uses. */
export interface KoaContext {
  req: IncomingMessage
  request: Leftovers
  status: number
  body: unknown
  type: string
}

/** `router.post('/notify', koaNotifications({ wechatpay, handle }))` */
export function koaNotifications(options: AdapterOptions): (context: KoaContext) => Promise<void> {
  return async (context) => {
    const reply = await replyTo(options, headersOf(context.req), () => rawBody(context.req, context.request))
    context.status = reply.status
    if (reply.body === '') return
    context.type = 'application/json'
    context.body = reply.body
  }
}
