// Shared by the server's figures: an emulated WeChat and a server, each on its own core, and functions for orders and notifications.

import { type createPrivateKey, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EmulatorFile, EmulatorKeys, EmulatorSettings } from '@cashdesk/emulator'
import { type apiV3Key, sealNotification, signAnswer } from '@cashdesk/protocol'
import { configForEmulator } from 'cashdesk'
import { startCluster } from '../test/support/postgres.ts'
import { MEASURED_CORE, OTHER_CORE, pinSelf, started } from './processes.ts'

export const CONCURRENCY = 32
export const API_KEY = 'cd_bench_0123456789abcdef0123'
export const BACKUP_KEY = 'cd_bench_backup_0123456789abcdef'
export const WECHAT_CAP = 500

export interface Bench {
  /** Connection URL of the server's database. */
  database_url: string
  folder: string
  settings: EmulatorFile
  keys: EmulatorKeys
  url: string
  database: string
  startServer(): Promise<void>
  /** CPU seconds that the server has used; `residentMB` is its memory. */
  cpuSeconds(): number
  residentMB(): number
  /** The part of the memory that JavaScript holds, garbage included. */
  heapMB(): Promise<number>
  stopServer(): Promise<void>
  call(path: string, body: unknown, headers?: Record<string, string>): Promise<{ status: number; text: string; ms: number }>
}

const agent = new Agent({ keepAlive: true, maxSockets: 256 })
/** Connections for load that is sent whether or not earlier requests were answered, kept open like those of a proxy. */
export const CROWD = 1500
export const crowd: Agent = new Agent({ keepAlive: true, maxSockets: CROWD, maxFreeSockets: CROWD })

/** `postgres`: a separate cluster on the other core, as durable as in production. */
export interface BenchOptions {
  engine?: 'sqlite' | 'postgres'
  /** WeChat returns the same prepay_id for every order and uses hardly any CPU (bare-wechat.ts). */
  bareWechat?: boolean
}

export async function withBench<T>(
  act: (bench: Bench) => Promise<T>,
  { engine = 'sqlite', bareWechat = false }: BenchOptions = {},
): Promise<T> {
  pinSelf(OTHER_CORE)
  const cluster = engine === 'postgres' ? await startCluster() : undefined
  const folder = mkdtempSync(join(tmpdir(), 'bench-server-'))
  const wechat = await started(
    OTHER_CORE,
    /^cashdesk emulator ready/,
    'packages/cli/src/main.ts',
    'emulator',
    '--port',
    '0',
    '--dir',
    folder,
  )
  const settings = JSON.parse(readFileSync(join(folder, 'emulator.json'), 'utf8')) as EmulatorFile
  const keys = JSON.parse(readFileSync(join(folder, 'keys.json'), 'utf8')) as EmulatorKeys
  const database = join(folder, 'bench.db')
  const database_url = cluster?.url ?? `sqlite:${database}`
  const bare = bareWechat ? await started(OTHER_CORE, /^bare wechat ready/, 'bench/bare-wechat.ts', join(folder, 'keys.json')) : undefined
  const config = configForEmulator(withTexts(settings), { public_url: 'http://127.0.0.1:9', api_key: API_KEY })
  // All load comes from one API key, so its rate limits are raised.
  const limits = { api_key: { per_second: 1e6, burst: 1e6 }, wechat: { per_second: 1e6, burst: 1e6 } }
  writeFileSync(
    join(folder, 'cashdesk.json'),
    JSON.stringify({
      ...config,
      api_keys: [...config.api_keys, { key: BACKUP_KEY, merchants: ['shop', 'mall'], scopes: ['backup'] }],
      limits,
      ...(bare && { wechat: { pay_url: bare.line.split(' ').at(-1) } }),
    }),
  )
  let server: Awaited<ReturnType<typeof started>> | undefined
  const bench: Bench = {
    folder,
    settings,
    keys,
    url: '',
    database,
    database_url,
    async startServer() {
      const argv = [
        'packages/cli/src/main.ts',
        'serve',
        '--port',
        '0',
        '--config',
        join(folder, 'cashdesk.json'),
        '--database',
        database_url,
      ]
      server = await started(MEASURED_CORE, /^cashdesk server ready/, ...argv)
      bench.url = server.line.split(' ').at(-1) ?? ''
    },
    cpuSeconds: () => server?.cpuSeconds() ?? Number.NaN,
    residentMB: () => server?.residentMB() ?? Number.NaN,
    async heapMB() {
      const metrics = await (await fetch(`${bench.url}/metrics`)).text()
      return Number(/^nodejs_heap_size_used_bytes ([0-9.e+]+)/m.exec(metrics)?.[1]) / 1024 ** 2
    },
    async stopServer() {
      await server?.stop()
      server = undefined
    },
    call: (path, body, headers = {}) => post(`${bench.url}${path}`, typeof body === 'string' ? body : JSON.stringify(body), headers),
  }
  try {
    return await act(bench)
  } finally {
    await bench.stopServer()
    await wechat.stop()
    await bare?.stop()
    await cluster?.stop()
    rmSync(folder, { recursive: true })
  }
}

/** The content of emulator.json, with each PEM as text. */
function withTexts(file: EmulatorFile): EmulatorSettings {
  const texts = (of: { merchant_key_path: string; merchant_cert_path: string; platform_cert_path: string; public_key_path: string }) => ({
    merchant_key: readFileSync(of.merchant_key_path, 'utf8'),
    merchant_cert: readFileSync(of.merchant_cert_path, 'utf8'),
    platform_cert: readFileSync(of.platform_cert_path, 'utf8'),
    public_key: readFileSync(of.public_key_path, 'utf8'),
  })
  return { ...file, ...texts(file), sp: { ...file.sp, ...texts(file.sp) }, merchants: [] }
}

export function post(
  url: string,
  body: string,
  headers: Record<string, string>,
  over: Agent = agent,
): Promise<{ status: number; text: string; ms: number }> {
  const began = performance.now()
  const all = {
    'content-type': 'application/json',
    authorization: `Bearer ${API_KEY}`,
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: over, headers: all }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString(), ms: performance.now() - began }),
      )
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

let count = 0
export const nextNumber = (): string => `BENCH-${String(++count).padStart(8, '0')}`

/** A whole order in one call: store it, ask WeChat, store the prepay_id, return the signed payment fields. */
export async function anOrder({ call, settings }: Bench): Promise<string> {
  const out_trade_no = nextNumber()
  const payer = { appid: settings.appid, openid: settings.users[0]?.openid }
  const order = { merchant: 'shop', out_trade_no, description: '拿铁', amount: { total: 2800 }, payer, pay: true }
  const made = await call('/v1/orders', order)
  if (made.status !== 201) throw new Error(made.text)
  return out_trade_no
}

/** A payment notification, signed as WeChat signs it. */
export async function sealed(
  { settings }: Bench,
  key: { serial: string; privateKey: ReturnType<typeof createPrivateKey> },
  sealing: ReturnType<typeof apiV3Key>,
  out_trade_no: string,
  i: number,
) {
  const resource = {
    mchid: settings.mchid,
    appid: settings.appid,
    out_trade_no,
    transaction_id: `42000000${String(i).padStart(20, '0')}`,
    trade_type: 'JSAPI',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    bank_type: 'OTHERS',
    success_time: new Date().toISOString().replace(/\.\d+Z$/, '+00:00'),
    payer: { openid: settings.users[0]?.openid },
    amount: { total: 2800, payer_total: 2800, currency: 'CNY', payer_currency: 'CNY' },
  }
  const body = sealNotification(sealing, {
    id: `bench-${i}`,
    create_time: resource.success_time,
    event_type: 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    original_type: 'transaction',
    resource,
    nonce: randomBytes(6).toString('hex'),
  })
  return { body, headers: await signAnswer(key, body, Date.now(), randomBytes(16).toString('hex')) }
}
