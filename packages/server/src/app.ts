// The server as one function from Request to Response.

import { Hono } from 'hono'
import { problemResponse } from './http/answer.ts'
import { clientApi } from './http/client-api.ts'
import { docsRoutes } from './http/docs.ts'
import { keysApi } from './http/keys-api.ts'
import { merchantApi } from './http/merchant-api.ts'
import { webhookApi } from './http/webhook-api.ts'
import { wechatRoutes } from './http/wechat.ts'
import { Problem } from './problem.ts'
import type { World } from './world.ts'

export interface App {
  /** `peer` is the address at the other end of the connection, where there is one. */
  fetch(request: Request, peer?: string): Promise<Response>
  /** From now on /readyz says no, and every answer ends its connection: whoever balances load sends nothing more here. */
  drain(): void
}

export function createApp(world: World): App {
  const app = new Hono()
  let draining = false
  for (const api of [merchantApi, webhookApi, keysApi, clientApi]) app.route('/', api(world))
  app.route('/wechat', wechatRoutes(world))
  app.route('/', docsRoutes())
  app.get('/livez', (c) => c.json({ ok: true }))
  app.get('/readyz', async (c) => {
    if (draining) return c.json({ ok: false, wrong: ['draining'] }, 503)
    await world.store.transaction((tx) => tx.settings.keep('ready', '1'))
    return c.json({ ok: true })
  })
  app.notFound((c) => problemResponse(world, c.req.raw, new Problem('not_found')))
  app.onError((error, c) => problemResponse(world, c.req.raw, error))
  return {
    async fetch(request, peer) {
      const answer = await app.fetch(request, { peer })
      if (draining) answer.headers.set('connection', 'close')
      return answer
    },
    drain() {
      draining = true
    },
  }
}
