// The emulator under load from the other core: it must never be the bottleneck of a user's test.

import { type ChildProcess, spawn } from 'node:child_process'
import { createPrivateKey, sign as signBytes, verify as verifyBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { EmulatorFile } from '@cashdesk/emulator'
import { formatAuthorization, requestMessage } from '@cashdesk/protocol'
import { type Figure, median, round } from './measure.ts'

const TARGET = '/v3/pay/transactions/jsapi'
const ORDERS = 3000
const CONCURRENCY = 16
const FLOOR = 500

interface Running {
  settings: EmulatorFile
  ready_ms: number
  stop(): void
}

/** Starts the emulator in a process of its own, on core 1 if the system can pin processes. This process has core 0. */
async function started(dir: string): Promise<Running> {
  const began = performance.now()
  const command = [process.execPath, '--conditions=@cashdesk/source', 'packages/cli/src/main.ts', 'emulator', '--port', '0', '--dir', dir]
  const [file = '', ...argv] = process.platform === 'linux' ? ['taskset', '-c', '1', ...command] : command
  const child: ChildProcess = spawn(file, argv, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, UV_THREADPOOL_SIZE: '1' } })
  if (!child.stdout) throw new TypeError('no output')
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('cashdesk emulator ready')) break
  const ready_ms = performance.now() - began
  const settings = JSON.parse(readFileSync(join(dir, 'emulator.json'), 'utf8')) as EmulatorFile
  return { settings, ready_ms, stop: () => void child.kill() }
}

async function withEmulator<T>(act: (running: Running) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-emulator-'))
  const running = await started(dir)
  try {
    return await act(running)
  } finally {
    running.stop()
    rmSync(dir, { recursive: true })
  }
}

interface Signed {
  authorization: string
  body: string
}

/** Signed in advance, so that the load generator's own RSA is not measured. */
function signedOrders({ settings }: Running, notify_url: string, run: string): Signed[] {
  const key = createPrivateKey(readFileSync(settings.merchant_key_path))
  const timestamp = String(Math.floor(Date.now() / 1000))
  return Array.from({ length: ORDERS }, (_, i) => {
    const body = JSON.stringify({
      appid: settings.appid,
      mchid: settings.mchid,
      description: '拿铁',
      out_trade_no: `BENCH${run}${String(i).padStart(8, '0')}`,
      notify_url,
      amount: { total: 2800 },
      payer: { openid: settings.users[0]?.openid },
    })
    const nonce_str = `n${i}`
    const signature = signBytes('RSA-SHA256', requestMessage('POST', TARGET, timestamp, nonce_str, body), key).toString('base64')
    const { mchid, merchant_serial: serial_no } = settings
    return { body, authorization: formatAuthorization({ mchid, serial_no, nonce_str, timestamp, signature }) }
  })
}

const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY })

function post(url: string, body: string, headers: Record<string, string>): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(JSON.parse(Buffer.concat(chunks).toString()))
        else reject(new Error(`HTTP ${answer.statusCode} ${Buffer.concat(chunks)}`))
      })
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

async function inTurn<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const runner = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await act(item)
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, runner))
}

/** Places all orders and returns each prepay_id. */
async function place(running: Running, orders: readonly Signed[]): Promise<string[]> {
  const prepays: string[] = []
  const { public_key_id, base_url } = running.settings
  await inTurn(orders, async ({ authorization, body }) => {
    const headers = {
      Authorization: authorization,
      Accept: 'application/json',
      'Content-Type': 'application/json',
      'Wechatpay-Serial': public_key_id,
    }
    prepays.push(String((await post(`${base_url}${TARGET}`, body, headers))['prepay_id']))
  })
  return prepays
}

/** The minimum for any WeChat on one core: one verification and one signature per order. */
function ceiling(running: Running): number {
  const key = createPrivateKey(readFileSync(running.settings.merchant_key_path))
  const message = Buffer.alloc(400, 'x')
  const signature = signBytes('RSA-SHA256', message, key)
  const began = performance.now()
  let done = 0
  for (; performance.now() - began < 1000; done++) {
    verifyBytes('RSA-SHA256', message, key, signature)
    signBytes('RSA-SHA256', message, key)
  }
  return done
}

export function order(): Promise<Figure> {
  return withEmulator(async (running) => {
    const limit = ceiling(running)
    const rates: number[] = []
    for (let run = 0; run < 3; run++) {
      const orders = signedOrders(running, 'http://127.0.0.1:9/notify', String(run))
      const began = performance.now()
      await place(running, orders)
      rates.push((ORDERS * 1000) / (performance.now() - began))
    }
    const value = median(rates)
    return {
      name: 'emulator.order',
      value: round(value),
      unit: '/s',
      limit,
      ratio: round(value / limit, 3),
      note: `${value >= FLOOR ? 'at least' : 'UNDER'} ${FLOOR}/s on one core; ready ${round(running.ready_ms)} ms after the start, keys included; limit: one RSA verification and one signature`,
    }
  })
}

export function notify(): Promise<Figure> {
  return withEmulator(async (running) => {
    const limit = ceiling(running)
    let arrived = 0
    let all: () => void = () => undefined
    const server = createServer((incoming, answer) => {
      incoming.resume()
      answer.writeHead(204).end()
      if (++arrived === ORDERS) all()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const prepays = await place(running, signedOrders(running, `http://127.0.0.1:${port}/notify`, 'N'))
    const everything = new Promise<void>((resolve) => {
      all = resolve
    })
    const began = performance.now()
    await inTurn(prepays, async (prepay_id) => {
      await post(`${running.settings.base_url}/_emulator/orders/pay`, JSON.stringify({ prepay_id }), { 'Content-Type': 'application/json' })
    })
    await everything
    const value = (ORDERS * 1000) / (performance.now() - began)
    server.close()
    return {
      name: 'emulator.notify',
      value: round(value),
      unit: '/s',
      limit,
      ratio: round(value / limit, 3),
      note: 'paid by hand, sealed, signed, delivered and answered',
    }
  })
}
