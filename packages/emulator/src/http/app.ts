// The HTTP interface: WeChat's two hosts on one port, told apart by path (design §3.2), and the control API beside them.

import { beijingTime } from '@cashdesk/protocol'
import { Hono } from 'hono'
import { ConnectionLost } from './connection-lost.ts'
import { controlApp } from './control/app.ts'
import { type Exchange, nonceOf, readExchange, type Wire } from './exchange.ts'
import { miniProgramRoutes } from './mini-program/routes.ts'
import { serveMiniProgram } from './mini-program/serve.ts'
import type { App } from './parts.ts'
import type { SeenRequest } from './seen.ts'
import { badly } from './slow.ts'
import { v2Routes } from './v2/routes.ts'
import { serveV2 } from './v2/serve.ts'
import { billRoutes } from './v3/endpoints/bills.ts'
import { certificateRoutes } from './v3/endpoints/certificates.ts'
import { combineRoutes } from './v3/endpoints/combine.ts'
import { jsapiRoutes } from './v3/endpoints/jsapi.ts'
import { partnerJsapiRoutes } from './v3/endpoints/partner-jsapi.ts'
import { profitSharingRoutes } from './v3/endpoints/profit-sharing.ts'
import { refundRoutes } from './v3/endpoints/refunds.ts'
import { securityRoutes } from './v3/endpoints/security.ts'
import { transferRoutes } from './v3/endpoints/transfers.ts'
import { serveV3 } from './v3/serve.ts'

/** Answers one request. `wire` holds what only a socket knows. @throws ConnectionLost when a fault drops the connection */
export type Handle = (request: Request, wire?: Wire) => Promise<Response>

export function createApp(app: App): Handle {
  const routes = [
    jsapiRoutes,
    partnerJsapiRoutes,
    combineRoutes,
    refundRoutes,
    profitSharingRoutes,
    transferRoutes,
    billRoutes,
    securityRoutes,
    certificateRoutes,
  ].flatMap((make) => make(app.platform))
  const wechat = (serve: (exchange: Exchange, seen: SeenRequest) => Response | Promise<Response>): Serve => {
    return (request, wire) => watched(app, request, wire, serve)
  }
  const v3 = wechat((exchange, seen) => serveV3({ ...app, routes }, exchange, seen))
  const v2 = v2Routes(app.platform)
  const pay = wechat((exchange, seen) => serveV2({ ...app, routes: v2 }, exchange, seen))

  const hono = new Hono<{ Bindings: Wire }>({ strict: false })
  hono.all('/v3/*', (c) => v3(c.req.raw, c.env))
  hono.all('/pay/*', (c) => pay(c.req.raw, c.env))
  hono.all('/secapi/*', (c) => pay(c.req.raw, c.env))
  for (const route of miniProgramRoutes(app.platform)) {
    const serve = wechat((exchange, seen) => serveMiniProgram(app, route, exchange, seen))
    hono.all(route.path, (c) => serve(c.req.raw, c.env))
  }
  hono.route('/_emulator', controlApp(app))
  hono.notFound(() => new Response(null, { status: 404 }))
  hono.onError((error) => {
    throw error
  })
  return async (request, wire = {}) => hono.fetch(request, wire)
}

type Serve = (request: Request, wire: Wire) => Promise<Response>

/** Records each request with its answer, and plays the faults that can strike any WeChat host. */
async function watched(
  { platform, faults, seen }: App,
  request: Request,
  wire: Wire,
  serve: (exchange: Exchange, seen: SeenRequest) => Response | Promise<Response>,
): Promise<Response> {
  const exchange = await readExchange(request, wire)
  if (!exchange) return new Response(null, { status: 413 })
  const nonce_str = nonceOf(exchange.headers)
  const { method, target } = exchange
  const entry = seen.open({ time: beijingTime(platform.clock.now()), method, target, ...(nonce_str !== undefined && { nonce_str }) })
  const dropped = faults.strike(['request.lost'], exchange.path)
  if (dropped) throw lost(entry, dropped.fault)

  const response = await serve(exchange, entry)
  response.headers.set('date', new Date(platform.clock.now()).toUTCString())
  const vanished = faults.strike(['answer.lost'], exchange.path)
  if (vanished) throw lost(entry, vanished.fault)
  entry.status = response.status
  const slow = faults.strike(['answer.timeout', 'answer.truncated', 'answer.drip'], exchange.path)
  if (!slow) return response
  entry.fault = slow.fault
  return badly(platform.clock, response, slow)
}

function lost(entry: SeenRequest, fault: string): ConnectionLost {
  entry.fault = fault
  return new ConnectionLost(fault)
}
