// The simulated system: an emulated WeChat, a store that survives, a server that may die at any call, phones and a merchant's endpoint, with one clock and one
// seed.

import { createEmulator, type Emulator, type EmulatorKeys, type VirtualClock, virtualClock } from '@cashdesk/emulator'
import { type Cashdesk, createCashdesk } from '@cashdesk/miniprogram'
import {
  type App,
  askTheTime,
  createApp,
  createWorld,
  deliverDue,
  mendSchedule,
  type SteadyClock,
  settleDue,
  steadyClock,
  type World,
} from '@cashdesk/server'
import { openStore, type Store, type StoreWindows, type Violation } from '@cashdesk/store'
import { configForEmulator } from 'cashdesk'
import type { Chance } from './chance.ts'
import { aFirewall, type Firewall } from './firewall.ts'

export const START = Date.parse('2026-11-24T02:00:00Z')
const API_KEY = 'cd_simulation_0123456789abcdef'

export interface Heard {
  id: string
  type: string
  /** An order, a refund or an incident. */
  data: { out_trade_no?: string; out_refund_no?: string; id?: string }
}

export interface SimulatedPhone {
  cashdesk: Cashdesk
  /** Whether the cashier reported that it took the money. */
  hasPaid(): boolean
}

export interface SimulatedWorld {
  clock: VirtualClock
  emulator: Emulator
  store: Store
  /** What arrived at the merchant's endpoint, repeats included. */
  heard: Heard[]
  api<T>(method: 'GET' | 'POST', path: string, json?: object): Promise<{ status: number; body: T } | 'died'>
  aPhone(action: 'pay' | 'cancel' | 'fail', hangsUp: boolean): SimulatedPhone
  /** Sets the clock of the server's machine ahead by `ahead_ms`. For the next `calls` calls a foreign page answers in WeChat's place. */
  clockJumps(ahead_ms: number, calls: number): void
  /** Answer with a foreign page in place of WeChat or of the server. */
  firewalls: Readonly<Record<'before WeChat' | 'before the server', Firewall>>
  settle(): Promise<void>
  deliver(): Promise<void>
  audit(): Promise<Violation[]>
  /** The server's process dies at the `calls`-th outgoing call from now. It is started again when it is next used. */
  dieAfter(calls: number): void
  /** How often the process died. */
  deaths(): number
  close(): Promise<void>
}

/** The process that made the call is dead, so its answer is dropped. */
class Died extends Error {}

export async function aWorld(chance: Chance, keys: EmulatorKeys): Promise<SimulatedWorld> {
  const clock = virtualClock(START)
  const windows: StoreWindows = { now: clock.now, random: chance.bytes }
  const store = await openStore('sqlite::memory:', windows)
  const heard: Heard[] = []
  const firewalls = { 'before WeChat': aFirewall(chance), 'before the server': aFirewall(chance) }
  let server: Server | undefined
  let fuse = Number.POSITIVE_INFINITY
  let deaths = 0
  let ahead = 0

  const emulator = await createEmulator({ clock, keys, random: chance.bytes, fetch: (request) => running().fetch(request) })
  const config = configForEmulator(emulator.settings, { public_url: 'http://cashdesk.test', api_key: API_KEY })

  /** The process may die at every outgoing call. */
  const outside = async (request: Request, to: (request: Request) => Promise<Response>): Promise<Response> => {
    const mine = server
    if (--fuse <= 0) {
      fuse = Number.POSITIVE_INFINITY
      // Half of the time the call is still sent: the process died after sending, or before.
      if (chance.oneIn(2)) await to(request).catch(() => undefined)
      if (mine) mine.dead = true
      deaths++
      server = undefined
      throw new Died()
    }
    const answer = await to(request)
    if (mine?.dead) throw new Died()
    return answer
  }
  const running = (): Server => {
    server ??= startServer({
      config,
      // A process that starts while the machine's clock is wrong cannot notice it.
      clock: steadyClock({ wall: () => clock.now() + ahead, monotonic: clock.now }, clock.timer, () => {}),
      chance,
      store,
      wechat: (request) => outside(request, async (sent) => firewalls['before WeChat'].page() ?? emulator.fetch(sent)),
      endpoint: (request) =>
        outside(request, async (sent) => {
          heard.push({ id: sent.headers.get('webhook-id') ?? '', ...((await sent.json()) as Omit<Heard, 'id'>) })
          return new Response(null, { status: chance.oneIn(5) ? 503 : 200 })
        }),
    })
    return server
  }
  const send: SimulatedWorld['api'] = async (method, path, json) => {
    const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' }
    const answer = await running().fetch(
      new Request(`http://cashdesk.test${path}`, { method, headers, ...(json && { body: JSON.stringify(json) }) }),
    )
    return answer === DEAD ? 'died' : { status: answer.status, body: (await answer.json().catch(() => undefined)) as never }
  }
  await send('POST', '/v1/webhook_endpoints?merchant=shop', { url: 'http://127.0.0.1/hook' })

  return {
    clock,
    emulator,
    store,
    heard,
    api: send,
    aPhone: (action, hangsUp) =>
      aPhone(emulator, async (request) => firewalls['before the server'].page() ?? running().fetch(request), action, hangsUp),
    firewalls,
    clockJumps(ahead_ms, calls) {
      ahead = ahead_ms
      if (calls > 0) firewalls['before WeChat'].arm(calls)
    },
    settle: () => running().settle(),
    deliver: () => running().deliver(),
    audit: () => store.audit(clock.now() - 24 * 3_600_000),
    dieAfter: (calls) => {
      fuse = calls
    },
    deaths: () => deaths,
    close: () => store.close(),
  }
}

interface Server {
  dead: boolean
  fetch(request: Request): Promise<Response>
  settle(): Promise<void>
  deliver(): Promise<void>
}

/** What a client sees of a server that died: a broken connection. */
const DEAD = new Response(null, { status: 599 })

interface ServerParts {
  config: Parameters<typeof createWorld>[0]
  clock: SteadyClock
  chance: Chance
  store: Store
  wechat: (request: Request) => Promise<Response>
  endpoint: (request: Request) => Promise<Response>
}

function startServer({ config, clock, chance, store, wechat, endpoint }: ServerParts): Server {
  const server: Server = {
    dead: false,
    fetch: (request) => whileAlive(() => app.fetch(request), DEAD),
    settle: () =>
      whileAlive(async () => {
        await askTheTime(world)
        await mendSchedule(world)
        await settleDue(world)
      }, undefined),
    deliver: () => whileAlive(async () => void (await deliverDue(world)), undefined),
  }
  /** A dead process does nothing more: its store rejects every transaction. */
  const mortal: Store = { ...store, transaction: (work) => (server.dead ? Promise.reject(new Died()) : store.transaction(work)) }
  const world: World = createWorld(config, { store: mortal, clock, random: chance.bytes, fetch: wechat, deliver: endpoint })
  const app: App = createApp(world)

  async function whileAlive<T>(act: () => Promise<T>, whenDead: T): Promise<T> {
    try {
      const value = await act()
      return server.dead ? whenDead : value
    } catch (error) {
      if (server.dead) return whenDead
      throw error
    }
  }
  return server
}

function aPhone(
  emulator: Emulator,
  fetch: (request: Request) => Promise<Response>,
  action: 'pay' | 'cancel' | 'fail',
  hangsUp: boolean,
): SimulatedPhone {
  const { appid } = emulator.settings
  const openid = emulator.settings.users[0]?.openid ?? ''
  const storage = new Map<string, string>()
  let gone = false
  let paid = false
  const cashdesk = createCashdesk({
    baseURL: 'http://cashdesk.test',
    appid,
    host: {
      login: async () => emulator.login({ appid, openid }).code,
      async request({ method, url, header, data }) {
        const answer = gone ? DEAD : await fetch(new Request(url, { method, headers: header, ...(data && { body: JSON.stringify(data) }) }))
        if (answer === DEAD) throw { errMsg: 'request:fail interrupted' }
        return { status: answer.status, data: asThePlatformSees(await answer.text()) }
      },
      async requestPayment(fields) {
        gone = hangsUp
        const result = emulator.cashier({ ...fields, appId: appid, openid, action })
        paid ||= result.errMsg === 'requestPayment:ok'
        return result
      },
      read: (key) => storage.get(key),
      write: (key, value) => void storage.set(key, value),
      remove: (key) => void storage.delete(key),
      wait: async () => {},
    },
  })
  return { cashdesk, hasPaid: () => paid }
}

/** wx.request parses JSON and returns anything else as text. */
function asThePlatformSees(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
