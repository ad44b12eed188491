// NestJS: needs `NestFactory.create(App, { rawBody: true })`; a controller then passes its request and response to this handler.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { answer } from './node.ts'
import type { AdapterOptions } from './reply.ts'

/**
 * In a controller: `@Post('notify') notify(@Req() request, @Res() response) { return this.answer(request, response) }`
 * with `answer = nestNotifications({ wechatpay, handle })`. Works over Express and over Fastify.
 */
export function nestNotifications(options: AdapterOptions): (request: NestRequest, response: NestResponse) => Promise<void> {
  return (request, response) => {
    const raw = 'raw' in request ? request.raw : request
    if (!('raw' in response)) return answer(options, raw, request, response)
    // We answer on the raw response, so Fastify must not answer as well.
    response.hijack()
    return answer(options, raw, request, response.raw)
  }
}

/** Express's request, or Fastify's, which has the Node request under `raw`. */
export type NestRequest = (IncomingMessage | { raw: IncomingMessage }) & { rawBody?: Uint8Array | undefined; body?: unknown }
export type NestResponse = ServerResponse | { raw: ServerResponse; hijack(): unknown }
