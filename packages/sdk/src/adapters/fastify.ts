// Fastify: a plugin with a content-type parser of its own, so that the rest of the application still parses JSON.

import type { IncomingMessage } from 'node:http'
import { NOTIFICATION_BODY_BYTES_MAX } from '../notifications/receive.ts'
import { headersOf } from './raw-body.ts'
import { type AdapterOptions, type Body, replyTo } from './reply.ts'

export interface FastifyNotificationsOptions extends AdapterOptions {
  /** `/wechat/notify` */
  path: string
}

interface FastifyReplyLike {
  code(status: number): FastifyReplyLike
  header(name: string, value: string): FastifyReplyLike
  send(payload?: unknown): unknown
}

/** The part of Fastify's interface that this adapter uses. */
export interface FastifyLike {
  removeAllContentTypeParsers(): void
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer'; bodyLimit: number },
    parser: (request: unknown, body: Buffer, done: (error: Error | null, body?: Buffer) => void) => void,
  ): unknown
  post(path: string, handler: (request: { raw: IncomingMessage; body: unknown }, reply: FastifyReplyLike) => Promise<unknown>): unknown
}

/** `await app.register(fastifyNotifications, { path: '/wechat/notify', wechatpay, handle })` */
export async function fastifyNotifications(app: FastifyLike, options: FastifyNotificationsOptions): Promise<void> {
  app.removeAllContentTypeParsers()
  // A body above the limit is answered 413 by Fastify itself.
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: NOTIFICATION_BODY_BYTES_MAX }, (_request, body, done) => done(null, body))
  app.post(options.path, async (request, reply) => {
    const answer = await replyTo(options, headersOf(request.raw), async () => bytes(request.body))
    reply.code(answer.status)
    if (answer.status === 204) return reply.send()
    return reply.header('content-type', 'application/json').send(answer.body)
  })
}

/** The parser above returns a Buffer, or nothing if there is no body. */
function bytes(body: unknown): Body {
  if (body instanceof Uint8Array) return body
  return body === undefined || body === null ? new Uint8Array() : { parsed: body }
}
