// The whole server as one function from Request to Response: routes, load shedding and request metrics.

import { Hono } from 'hono'
import { withReserve } from './access/reserve.ts'
import { readiness } from './health/ready.ts'
import { languageOf, problemResponse } from './http/answer.ts'
import { backupRoutes } from './http/backup.ts'
import { booksApi } from './http/books-api.ts'
import { clientApi } from './http/client-api.ts'
import { docsRoutes } from './http/docs.ts'
import { keysApi } from './http/keys-api.ts'
import { merchantApi } from './http/merchant-api.ts'
import { metricsRoutes } from './http/metrics.ts'
import { operatorsApi } from './http/operators-api.ts'
import type { Env } from './http/routes.ts'
import { webhookApi } from './http/webhook-api.ts'
import { wechatRoutes } from './http/wechat.ts'
import { Problem } from './problem.ts'
import type { World } from './world.ts'

/** The server without a socket; see `createApp`. */
export interface App {
  /** `peer` is the remote address of the connection; absent for calls within the process. */
  fetch(request: Request, peer?: string): Promise<Response>
  /** From now on /readyz answers 503 and every response carries `Connection: close`, so that the load balancer sends no more requests to this process. */
  drain(): void
}

/**
 * Only the merchant and client APIs are queued, and refused under overload. Notifications,
 * readiness and metrics are always served: refusing them would delay payments or hide the overload.
 */
const SHED = /^https?:\/\/[^/]*\/(v1|client)\//

const waitsItsTurn = (request: Request): boolean => SHED.test(request.url)

/** Refused clients get a Retry-After of 1 to 4 seconds, chosen at random, so that they do not all return in the same second. */
const SPREAD_S = 4

function overloaded(world: World, request: Request, env: Env): Response {
  env.route = '(overloaded)'
  const retry_after_s = 1 + Math.floor(((world.random(1)[0] ?? 0) / 256) * SPREAD_S)
  return problemResponse(world, request, new Problem('overloaded', { retry_after_s }))
}

/** Any other HTTP method is counted as `_OTHER`: a caller could otherwise create unlimited label values. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS'])

/** Builds the server over a world. Needs no socket. A failed request is answered with a problem; `fetch` does not reject. */
export function createApp(world: World): App {
  const app = new Hono()
  let draining = false
  for (const api of [merchantApi, webhookApi, keysApi, operatorsApi, booksApi, clientApi, metricsRoutes, backupRoutes])
    app.route('/', api(world))
  const vital = withReserve(world)
  app.route('/wechat', wechatRoutes(vital))
  app.route('/', docsRoutes())
  app.get('/livez', (c) => c.json({ ok: true }))
  app.get('/readyz', async (c) => {
    const ready = await readiness(vital, draining, languageOf(c.req.raw))
    return c.json(ready, ready.ok ? 200 : 503)
  })
  app.notFound((c) => problemResponse(world, c.req.raw, new Problem('not_found')))
  app.onError((error, c) => problemResponse(world, c.req.raw, error))
  const answerTo = async (request: Request, env: Env): Promise<Response> => {
    if (!waitsItsTurn(request)) return app.fetch(request, env)
    if (world.pressure.sheds(request.method)) return overloaded(world, request, env)
    return world.pressure.during(async () => app.fetch(request, env))
  }
  return {
    async fetch(request, peer) {
      const began = world.clock.now()
      const env: Env = { peer }
      const answer = await answerTo(request, env)
      const labels = {
        http_request_method: METHODS.has(request.method) ? request.method : '_OTHER',
        http_route: env.route ?? '',
        http_response_status_code: String(answer.status),
      }
      world.metrics.requests.observe(labels, (world.clock.now() - began) / 1000)
      if (draining) answer.headers.set('connection', 'close')
      return answer
    },
    drain() {
      draining = true
    },
  }
}
