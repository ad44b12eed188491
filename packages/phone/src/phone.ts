// A phone in the browser: its page, the program that it runs, its network, and the story of all exchanges. All of it is one `fetch` behind one address.

import {
  allowedNames,
  ConnectionLost,
  type Emulator,
  type Fetch,
  factsOfRequest,
  type GuardRules,
  refusalAnswer,
  refusalOf,
  systemClock,
} from '@cashdesk/emulator'
import { Hono } from 'hono'
import type { Exchanges } from './exchanges.ts'
import { pageFile, programFile } from './files.ts'
import { createMarks, type Mark } from './marks.ts'
import { withOrders } from './order-of.ts'
import { storyOf, type Told, unsentOf, withoutEchoes } from './story.ts'

export interface PhoneOptions {
  /** The folder of a browser build of the mini program, such as uni-app's H5 or Taro's. Its page gets a `wx`. */
  program: string
  /** The appid of the mini program. */
  appid: string
  /** The merchant's short name, as the cashier shows it. */
  merchant_name: string
  /** The emulator that this phone uses as its WeChat. */
  emulator: Emulator
  /** Answers for the merchant's backend. `wx.getExtConfigSync()` tells the program its address. */
  shop: Fetch
  /** Answers for the Cashdesk server. `wx.getExtConfigSync()` tells the program its address too. */
  server: Fetch
  exchanges: Exchanges
  /** The orders in the server's database, newest first. */
  orders(): Promise<unknown[]>
  /** Stops the server as a crash or a deployment does, and starts it again. Resolves when it answers. */
  restart(): Promise<void>
  /** More names of this machine, without port, under which the phone answers. Loopback names are always allowed. */
  allowed_hosts?: readonly string[] | undefined
}

/** The error of an exchange that the phone could not start. */
const OFFLINE = 'phone offline'

export function createPhone(options: PhoneOptions): { fetch: Fetch } {
  const { emulator, exchanges, appid, merchant_name } = options
  let online = true
  let cleared: ReadonlySet<Told['id']> = new Set()
  const marks = createMarks(systemClock)
  const unsent = (): Told[] => unsentOf(emulator.notifications(), emulator.clock.offset_ms())
  const told = (): (Told | Mark)[] => {
    const story = [
      ...storyOf(withoutEchoes(exchanges.list(), OFFLINE), emulator.requests()),
      ...unsent().filter(({ id }) => !cleared.has(id)),
    ]
    return [...withOrders(story), ...marks.list()].sort((a, b) => a.at - b.at)
  }
  /** Fails when the phone has no network. The failed attempt is recorded in the story. */
  const fromPhone = (fetch: Fetch): Fetch => {
    return async (request) => {
      if (!online) throw new ConnectionLost(OFFLINE)
      return fetch(request)
    }
  }
  const app = new Hono()

  app.get('/', () => pageFile('index.html') ?? missing())
  app.get('/assets/:name', (c) => pageFile(c.req.param('name')) ?? missing())
  app.get('/program/*', (c) => programFile(options.program, c.req.path.slice('/program/'.length)) ?? missing())

  const hosts: Readonly<Record<string, Fetch>> = {
    backend: exchanges.recorded('phone', 'shop', fromPhone(options.shop)),
    cashdesk: exchanges.recorded('phone', 'server', fromPhone(options.server)),
  }
  app.all('/host/:name/*', async (c) => {
    const name = c.req.param('name')
    const host = hosts[name]
    if (!host) return missing()
    return through(host, c.req.raw, `/host/${name}`)
  })
  /** Passes the server's events to the shop. The server sends them to this address. */
  const events = exchanges.recorded('server', 'shop', options.shop)
  app.post('/events', (c) => through(events, c.req.raw, ''))

  const wechat = exchanges.recorded('phone', 'wechat', fromPhone(emulator.fetch))
  /** The calls that a phone makes to WeChat are recorded in the story; those of the control panel are not. */
  app.post('/wechat/:word{(login|cashier/open|cashier/confirm)}', (c) => through(wechat, c.req.raw, '/wechat', '/_emulator'))
  app.post('/wechat/clock', async (c) => {
    const answer = await through(emulator.fetch, c.req.raw, '/wechat', '/_emulator')
    marks.add('clock', emulator.clock.offset_ms())
    return answer
  })
  app.all('/wechat/*', (c) => through(emulator.fetch, c.req.raw, '/wechat', '/_emulator'))

  app.get('/story', async (c) =>
    c.json({
      appid,
      merchant_name,
      online,
      clock: { now: emulator.clock.now(), offset_ms: emulator.clock.offset_ms() },
      exchanges: told(),
      faults: emulator.faults.list(),
      // While the server is down there are no orders to show; the rest of the story is still answered.
      orders: await options.orders().catch(() => null),
    }),
  )
  app.post('/network', async (c) => {
    online = ((await c.req.json()) as { online?: unknown }).online === true
    marks.add(online ? 'online' : 'offline')
    return c.json({ online })
  })
  app.post('/restart', async (c) => {
    await options.restart()
    marks.add('restarted')
    return c.json({})
  })
  app.post('/killed', (c) => {
    marks.add('killed')
    return c.json({})
  })
  app.post('/clear', (c) => {
    exchanges.clear()
    marks.clear()
    cleared = new Set(unsent().map(({ id }) => id))
    return c.json({})
  })
  app.onError((error) => {
    if (error instanceof ConnectionLost) throw error
    // The called server cannot be reached. The program on the phone sees that as a network error.
    throw new ConnectionLost(error.message)
  })
  const rules = phoneRules(options)
  return {
    fetch: async (request) => {
      const refusal = refusalOf(factsOfRequest(request), rules)
      return refusal ? refusalAnswer(refusal) : app.fetch(request)
    },
  }
}

/** Requests of the program to its own hosts, and events, may have any content type, because their receivers define it. */
export function phoneRules({ allowed_hosts }: Pick<PhoneOptions, 'allowed_hosts'>): GuardRules {
  return { allowedHosts: allowedNames(allowed_hosts), anyType: /^\/(host\/|events$)/ }
}

function missing(): Response {
  return new Response(null, { status: 404 })
}

/** Passes the request on to `fetch`, with the beginning `before` of its path replaced by `instead`. */
async function through(fetch: Fetch, request: Request, before: string, instead = ''): Promise<Response> {
  const url = new URL(request.url)
  url.pathname = instead + url.pathname.slice(before.length)
  const body = request.method === 'GET' || request.method === 'HEAD' ? undefined : await request.text()
  const headers = new Headers(request.headers)
  for (const hop of ['host', 'connection', 'content-length', 'accept-encoding']) headers.delete(hop)
  return fetch(new Request(url, { method: request.method, headers, ...(body && { body }) }))
}
