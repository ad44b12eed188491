// A phone in the browser: the page, the program it runs, the network it has, and the story of all that passes. One `fetch`, one address.

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
  /** Folder of a browser build of the mini program, as uni-app's H5 or Taro's. Its page finds a `wx`. */
  program: string
  /** Which mini program it is. */
  appid: string
  /** The merchant's short name, as the cashier shows it. */
  merchant_name: string
  /** The WeChat of this phone. */
  emulator: Emulator
  /** The merchant's backend. `wx.getExtConfigSync()` tells the program where it is. */
  shop: Fetch
  /** The Cashdesk server; the same. */
  server: Fetch
  exchanges: Exchanges
  /** The orders as the server knows them, newest first. */
  orders(): Promise<unknown[]>
  /** Ends the server as a crash or a deployment does, and starts it again. Resolves when it answers. */
  restart(): Promise<void>
  /** More names of this machine, without port, under which the phone answers. Loopback names are always right. */
  allowed_hosts?: readonly string[] | undefined
}

/** What an exchange says that the phone could not begin. */
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
  /** A phone without a network reaches nobody, and that is part of the story. */
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
  /** Events of the server to the shop, which lives behind this address. */
  const events = exchanges.recorded('server', 'shop', options.shop)
  app.post('/events', (c) => through(events, c.req.raw, ''))

  const wechat = exchanges.recorded('phone', 'wechat', fromPhone(emulator.fetch))
  /** What a phone says to WeChat is part of the story; what the panel asks is not. */
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
      // A server that is down says nothing; the phone goes on.
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
    // Whoever was asked cannot be reached: on a phone that looks like no network.
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

/** What the program sends to its own hosts, and events, have the types that their receivers want. */
export function phoneRules({ allowed_hosts }: Pick<PhoneOptions, 'allowed_hosts'>): GuardRules {
  return { allowedHosts: allowedNames(allowed_hosts), anyType: /^\/(host\/|events$)/ }
}

function missing(): Response {
  return new Response(null, { status: 404 })
}

/** The same request, to whoever is meant, under the path that is his. */
async function through(fetch: Fetch, request: Request, before: string, instead = ''): Promise<Response> {
  const url = new URL(request.url)
  url.pathname = instead + url.pathname.slice(before.length)
  const body = request.method === 'GET' || request.method === 'HEAD' ? undefined : await request.text()
  const headers = new Headers(request.headers)
  for (const hop of ['host', 'connection', 'content-length', 'accept-encoding']) headers.delete(hop)
  return fetch(new Request(url, { method: request.method, headers, ...(body && { body }) }))
}
