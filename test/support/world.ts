// Everything in one process under a virtual clock: an emulated WeChat, the server, and a phone that runs the real client.

import { createEmulator, type Emulator, type EmulatorKeys, generateKeys, type VirtualClock, virtualClock } from '@cashdesk/emulator'
import { type Cashdesk, createCashdesk, type Said } from '@cashdesk/miniprogram'
import { type Config, createApp, createWorld, deliverDue, type LogFields, settleDue, type World } from '@cashdesk/server'
import { openStore } from '@cashdesk/store'
import { configForEmulator } from 'cashdesk'
import { aDatabase } from './database.ts'
import { type Said as Spoken, saidByWechat } from './wechat-says.ts'

export const NOW = Date.parse('2026-11-24T02:00:00Z')
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const API_KEY = 'cd_test_0123456789abcdef0123456789'

/** The key that openids are sealed with. */
export const DATA_KEY: string = Buffer.alloc(32, 7).toString('base64')

/** Making RSA keys is slow, and any set will do, so all tests of a file share one. */
let keys: Promise<EmulatorKeys> | undefined

export interface TestWorld {
  clock: VirtualClock
  emulator: Emulator
  world: World
  config: Config
  logs: { event: string; fields: LogFields }[]
  /** A request to the server, as anybody on the network could send it. */
  fetch(path: string, init?: RequestInit & { json?: unknown }): Promise<Response>
  /** The same with the merchant's API key. */
  api(path: string, init?: RequestInit & { json?: unknown }): Promise<Response>
  /** Posts a notification with this content, sealed and signed by WeChat, to the merchant `shop`. */
  wechatSays(said: Spoken): Promise<Response>
  aPhone(options?: PhoneOptions): Phone
  placeOrder(change?: Record<string, unknown>): Promise<{ out_trade_no: string; client_secret: string }>
  /** The order as the merchant's backend sees it. */
  order(out_trade_no: string, merchant?: string): Promise<{ state: string; [field: string]: unknown }>
  /** Types of the events about an order. */
  events(out_trade_no: string, merchant?: string): Promise<string[]>
  /** One round of the schedule. */
  settle(): Promise<number>
  /** One round of deliveries to the merchants' endpoints. */
  deliver(): Promise<number>
  close(): Promise<void>
}

export interface PhoneOptions {
  appid?: string
  user?: string
  action?: 'pay' | 'cancel' | 'fail'
  /** Called after the cashier has answered and before the phone reads the answer. */
  afterCashier?: () => Promise<void>
}

export interface Phone {
  openid: string
  cashdesk: Cashdesk
  /** The cashier's answers, in turn. */
  said: Said[]
}

export interface WorldOptions {
  trust?: 'public key' | 'platform certificates'
  databaseURL?: string
  /** How far the server's clock is ahead of WeChat's, in milliseconds. */
  ahead?: () => number
  /** The merchant's endpoint. */
  deliver?: (request: Request) => Promise<Response>
  /** Changes the configuration before the server sees it. */
  configure?: (config: Config) => Config
  /** Handles WeChat's notifications in place of the server. */
  notified?: (request: Request, server: (request: Request) => Promise<Response>) => Promise<Response>
  /** Handles the server's calls in place of WeChat. */
  network?: (request: Request, wechat: (request: Request) => Promise<Response>) => Promise<Response>
}

export async function aWorld(options: WorldOptions = {}): Promise<TestWorld> {
  const clock = virtualClock(NOW)
  keys ??= generateKeys(NOW, (bytes) => crypto.getRandomValues(new Uint8Array(bytes)))
  const emulator = await createEmulator({
    clock,
    keys: await keys,
    fetch: (request) => (options.notified ? options.notified(request, app.fetch) : app.fetch(request)),
    keyKind: options.trust === 'platform certificates' ? 'certificate' : 'public_key',
  })
  const { ahead = () => 0 } = options
  const serverClock = { ...clock, now: () => clock.now() + ahead() }
  const store = await openStore(options.databaseURL ?? (await aDatabase()), {
    now: serverClock.now,
    random: (n) => crypto.getRandomValues(new Uint8Array(n)),
    data_keys: [DATA_KEY],
  })
  const config = (options.configure ?? ((same) => same))(
    configForEmulator(emulator.settings, {
      public_url: 'http://cashdesk.test',
      api_key: API_KEY,
      ...(options.trust && { trust: options.trust }),
    }),
  )
  const logs: TestWorld['logs'] = []
  const { network } = options
  const world = createWorld(config, {
    store,
    clock: serverClock,
    deliver: options.deliver,
    fetch: network ? (request) => network(request, emulator.fetch) : emulator.fetch,
    log: (event, fields = {}) => void logs.push({ event, fields }),
  })
  const app = createApp(world)

  const send: TestWorld['fetch'] = (path, { json, ...init } = {}) => {
    const body = json === undefined ? init.body : JSON.stringify(json)
    const headers = { ...(json !== undefined && { 'content-type': 'application/json' }), ...(init.headers as Record<string, string>) }
    return app.fetch(new Request(`http://cashdesk.test${path}`, { ...init, headers, ...(body !== undefined && { body }) }))
  }
  const api: TestWorld['api'] = (path, init = {}) =>
    send(path, { ...init, headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${API_KEY}` } })
  const json = async (path: string) => (await (await api(path)).json()) as Record<string, unknown>
  let placed = 0
  let closed = false

  return {
    clock,
    emulator,
    world,
    config,
    logs,
    fetch: send,
    api,
    async wechatSays(said) {
      const signed = await saidByWechat(await (keys ?? Promise.reject(new TypeError('no keys'))), clock.now(), said)
      return app.fetch(new Request('http://cashdesk.test/wechat/shop/notify/payment', { method: 'POST', ...signed }))
    },
    aPhone: (phone) => aPhone(emulator, app.fetch, phone),
    async placeOrder(change = {}) {
      const order = { merchant: 'shop', out_trade_no: `ORDER-${++placed}`, description: '拿铁', amount: { total: 2800 }, ...change }
      const answer = await api('/v1/orders', { method: 'POST', json: order })
      if (!answer.ok) throw new Error(await answer.text())
      return (await answer.json()) as { out_trade_no: string; client_secret: string }
    },
    order: async (out_trade_no, merchant = 'shop') => (await json(`/v1/orders/${out_trade_no}?merchant=${merchant}`)) as { state: string },
    async events(out_trade_no, merchant = 'shop') {
      const { data } = (await json(`/v1/events?merchant=${merchant}&limit=100`)) as {
        data: { type: string; data: { out_trade_no: string } }[]
      }
      return data.filter((event) => event.data.out_trade_no === out_trade_no).map((event) => event.type)
    },
    settle: () => settleDue(world),
    deliver: () => deliverDue(world),
    async close() {
      // Whatever a test did, the promises must hold in the data that it leaves. What is due now is not overdue.
      if (!closed) {
        const violations = await store.audit(0)
        if (violations.length > 0) throw new Error(`the audit found ${JSON.stringify(violations)}`)
      }
      closed = true
      await store.close()
    },
  }
}

function aPhone(emulator: Emulator, fetch: (request: Request) => Promise<Response>, options: PhoneOptions = {}): Phone {
  const appid = options.appid ?? emulator.settings.appid
  const person = emulator.addUser(options.user ?? '小明')
  const openid = person.openids[appid] ?? ''
  const storage = new Map<string, string>()
  const said: Said[] = []
  const cashdesk = createCashdesk({
    baseURL: 'http://cashdesk.test',
    appid,
    host: {
      login: async () => emulator.login({ appid, openid }).code,
      async request({ method, url, header, data }) {
        const answer = await fetch(new Request(url, { method, headers: header, ...(data && { body: JSON.stringify(data) }) }))
        return { status: answer.status, data: await answer.json() }
      },
      async requestPayment(fields) {
        const result = emulator.cashier({ ...fields, appId: appid, openid, action: options.action ?? 'pay' })
        said.push(result)
        await options.afterCashier?.()
        return result
      },
      read: (key) => storage.get(key),
      write: (key, value) => void storage.set(key, value),
      remove: (key) => void storage.delete(key),
      wait: async () => {},
    },
  })
  return { openid, cashdesk, said }
}
