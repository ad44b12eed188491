// Fastify: a plugin with a content-type parser of its own, so that the rest of the application keeps parsing JSON.

import type { IncomingMessage } from 'node:http'
import { headersOf } from './raw-body.ts'
import { type AdapterOptions, replyTo } from './reply.ts'

export interface FastifyNotificationsOptions extends AdapterOptions {
  /** `/wechat/notify` */
  path: string
}

interface FastifyReplyLike {
  code(status: number): FastifyReplyLike
  header(name: string, value: string): FastifyReplyLike
  send(payload?: unknown): unknown
}

/** The part of Fastify that is used. */
export interface FastifyLike {
  removeAllContentTypeParsers(): void
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer' },
    parser: (request: unknown, body: Buffer, done: (error: Error | null, body?: Buffer) => void) => void,
  ): unknown
  post(path: string, handler: (request: { raw: IncomingMessage; body: unknown }, reply: FastifyReplyLike) => Promise<unknown>): unknown
}

/** `await app.register(fastifyNotifications, { path: '/wechat/notify', wechatpay, handle })` */
export async function fastifyNotifications(app: FastifyLike, options: FastifyNotificationsOptions): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post(options.path, async (request, reply) => {
    // The parser above leaves bytes; an empty body is none.
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array()
    const answer = await replyTo(options, { headers: headersOf(request.raw), body })
    reply.code(answer.status)
    if (answer.body !== '') reply.header('content-type', 'application/json')
    return reply.send(answer.body)
  })
}
