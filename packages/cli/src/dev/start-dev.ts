// Starts an emulated WeChat, a payment server and, for a shop, a phone in the browser, all on this machine and configured for each other.

import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type Emulator, type Fetch, sendRequest, startEmulator, systemClock } from '@cashdesk/emulator'
import { createExchanges, type Exchanges, type RunningPhone, startPhone } from '@cashdesk/phone'
import { type Config, type RunningServer, startServer } from '@cashdesk/server'
import { configForEmulator } from '../emulator-config.ts'
import type { jsonLog } from '../log.ts'
import { keptKey } from './kept-key.ts'

export interface DevOptions {
  /** The folder of keys and orders. */
  dir: string
  /** 0 picks a free port; so for the other two ports. */
  port: number
  wechat_port: number
  phone_port: number
  log?: typeof jsonLog | undefined
  shop?: DevShop | undefined
  /** Further host names of this machine, without port, for the emulator and the phone. Loopback names are always allowed. */
  allowed_hosts?: readonly string[] | undefined
}

/** The mini program that the phone runs, and its merchant. */
export interface DevShop {
  /** Folder of the mini program's browser build. */
  program: string
  /** The merchant's name on the cashier (收银台) of the phone. */
  merchant_name: string
  backend(cashdesk: { url: string; api_key: string; fetch: Fetch }): DevBackend
}

export interface DevBackend {
  fetch: Fetch
  /** Called with the address to which the shop's events should be sent. */
  subscribe?(url: string): Promise<void>
  close?(): void
}

export interface RunningDev {
  wechat: string
  server: string
  /** Undefined if there is no shop. */
  phone: string | undefined
  api_key: string
  emulator: Emulator
  /** Stops the server and starts it again on the same files and port. */
  restartServer(): Promise<void>
  close(): Promise<void>
}

export async function startDev(options: DevOptions): Promise<RunningDev> {
  const { dir, shop } = options
  mkdirSync(dir, { recursive: true })
  const exchanges = createExchanges(systemClock)
  const api_key = keptKey(dir)
  const port = options.port === 0 ? await freePort() : options.port
  const url = `http://127.0.0.1:${port}`
  const running: (() => Promise<void>)[] = []
  const closeAll = async (): Promise<void> => {
    for (const close of running.splice(0).reverse()) await close()
  }

  try {
    const wechat = await startEmulator({
      port: options.wechat_port,
      dir,
      stateFile: join(dir, 'wechat-state.json'),
      allowedHosts: options.allowed_hosts,
      fetch: exchanges.recorded('wechat', 'server', sendRequest),
    })
    running.push(wechat.close)
    const config = configForEmulator(wechat.emulator.settings, { public_url: url, api_key })
    const serve = (): Promise<RunningServer> => serverOn(config, { ...options, port }, exchanges)
    let server = await serve()
    running.push(() => server.close())
    const restartServer = async (): Promise<void> => {
      await server.close()
      server = await serve()
    }
    const phone = shop && (await phoneFor(shop, { options, url, api_key, emulator: wechat.emulator, exchanges, restartServer }))
    if (phone) running.push(phone.close)
    return { wechat: wechat.url, server: url, phone: phone?.url, api_key, emulator: wechat.emulator, restartServer, close: closeAll }
  } catch (error) {
    await closeAll()
    throw error
  }
}

function serverOn(config: Config, { dir, port, log }: DevOptions, exchanges: Exchanges): Promise<RunningServer> {
  const recorded = exchanges.recorded('server', 'wechat', fetch)
  return startServer(config, {
    database_url: `sqlite:${join(dir, 'cashdesk.db')}`,
    port,
    log,
    fetch: (request) => (isUpkeep(request) ? fetch(request) : recorded(request)),
  })
}

/** Requests for certificates are not recorded: an idle server sends one every few minutes to learn the time, and it belongs to no payment. */
function isUpkeep(request: Request): boolean {
  return new URL(request.url).pathname === '/v3/certificates'
}

interface PhoneWorld {
  options: DevOptions
  url: string
  api_key: string
  emulator: Emulator
  exchanges: Exchanges
  restartServer(): Promise<void>
}

async function phoneFor(shop: DevShop, world: PhoneWorld): Promise<RunningPhone> {
  const { url, api_key, emulator, exchanges } = world
  const server = fetchAt(url)
  const backend = shop.backend({ url, api_key, fetch: exchanges.recorded('shop', 'server', server) })
  const phone = await startPhone(
    {
      program: shop.program,
      merchant_name: shop.merchant_name,
      appid: emulator.settings.appid,
      emulator,
      shop: backend.fetch,
      server,
      exchanges,
      restart: world.restartServer,
      allowed_hosts: world.options.allowed_hosts,
      async orders() {
        const answer = await fetch(`${url}/v1/orders?merchant=shop&limit=8`, { headers: { authorization: `Bearer ${api_key}` } })
        return ((await answer.json()) as { data: unknown[] }).data
      },
    },
    world.options.phone_port,
  )
  const close = async (): Promise<void> => {
    await phone.close()
    backend.close?.()
  }
  await backend.subscribe?.(`${phone.url}/events`).catch(async (error: unknown) => {
    await close()
    throw error
  })
  return { url: phone.url, close }
}

/** A fetch that sends each request to that address instead. */
export function fetchAt(url: string): Fetch {
  return async (request) => {
    const { pathname, search } = new URL(request.url)
    const { method, headers } = request
    const body = method === 'GET' || method === 'HEAD' ? undefined : await request.text()
    return fetch(`${url.replace(/\/+$/, '')}${pathname}${search}`, {
      method,
      headers,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    })
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const address = probe.address()
        probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
      })
  })
}
