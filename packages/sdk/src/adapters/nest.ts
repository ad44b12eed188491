// NestJS: needs `NestFactory.create(App, { rawBody: true })`; then a controller hands its request and response to this.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { nodeNotifications } from './node.ts'
import type { AdapterOptions } from './reply.ts'

/**
 * In a controller: `@Post('notify') notify(@Req() request, @Res() response) { return this.answer(request, response) }`
 * with `answer = nestNotifications({ wechatpay, handle })`. Works over Express and over Fastify.
 */
export function nestNotifications(options: AdapterOptions): (request: NestRequest, response: NestResponse) => Promise<void> {
  const answer = nodeNotifications(options)
  return (request, response) => {
    const raw = 'raw' in request && request.raw ? request.raw : (request as IncomingMessage)
    const reply = 'raw' in response && response.raw ? response.raw : (response as ServerResponse)
    return answer(Object.assign(raw, { rawBody: request.rawBody, body: request.rawBody ? undefined : request.body }), reply)
  }
}

/** Express's request, or Fastify's, whose own is under `raw`. */
export type NestRequest = (IncomingMessage | { raw: IncomingMessage }) & { rawBody?: Uint8Array | undefined; body?: unknown }
export type NestResponse = ServerResponse | { raw: ServerResponse }
