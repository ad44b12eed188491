// Two servers on one PostgreSQL are stopped and started in turn while customers order, pay and are notified (K1): every call succeeds after at most one
// repetition at the other server, nothing happens twice, and every server exits 0.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, createServer, type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { type RunningEmulator, startEmulator } from '@cashdesk/emulator'
import { openStore } from '@cashdesk/store'
import { configForEmulator } from 'cashdesk'
import { expect, test } from 'vitest'
import { aDatabase } from '../support/database.ts'
import { freePort } from '../support/postgres.ts'

const RESTARTS = Number(process.env['CASHDESK_RESTARTS'] ?? 6)
const CUSTOMERS = 6
const API_KEY = 'cd_rolling_0123456789abcdef012345'
const MAIN = new URL('../../packages/cli/src/main.ts', import.meta.url).pathname

interface Server {
  url: string
  stop(): Promise<number | null>
}

async function aServer(config: string, database: string, port: number): Promise<Server> {
  const argv = ['--conditions=@cashdesk/source', MAIN, 'serve', '--config', config, '--database', database, '--port', String(port)]
  const child: ChildProcess = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  if (!child.stdout) throw new TypeError('no output')
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('cashdesk server ready')) continue
    child.stdout.resume()
    return {
      url: `http://127.0.0.1:${port}`,
      stop() {
        child.kill('SIGTERM')
        return ended
      },
    }
  }
  throw new Error(`the server ended with ${await ended} before it was ready`)
}

interface Answer {
  status: number
  text: string
}

/** A load balancer: it tries one server, and the other after a broken connection or "draining". A user would call this one retry. */
function balancer(servers: readonly Server[]) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const broken = { fresh: 0, reused: 0, refused: 0 }
  let turn = 0
  const once = (server: Server, method: string, path: string, headers: Record<string, string>, body: Uint8Array): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request(
        `${server.url}${path}`,
        { method, agent, headers: { ...headers, 'content-length': body.byteLength } },
        (answer) => {
          void textOf(answer).then((text) => resolve({ status: answer.statusCode ?? 0, text }), reject)
        },
      )
      sent.once('error', (error: NodeJS.ErrnoException) => {
        broken[error.code === 'ECONNREFUSED' ? 'refused' : sent.reusedSocket ? 'reused' : 'fresh']++
        reject(error)
      })
      sent.end(body)
    })
  return {
    broken,
    async call(method: string, path: string, headers: Record<string, string>, body: Uint8Array): Promise<Answer> {
      const first = servers[turn++ % 2] as Server
      const second = servers[turn % 2] as Server
      return once(first, method, path, headers, body).catch(() => once(second, method, path, headers, body))
    },
    close: () => agent.destroy(),
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of answer) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

test(`K1: ${RESTARTS} rolling restarts under load`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cashdesk-rolling-'))
  const database = await aDatabase()
  await (await openStore(database)).close()
  const heard: { id: string; out_trade_no: string; type: string }[] = []
  const endpoint = createServer(async (incoming, answer) => {
    const { type, data } = JSON.parse(await textOf(incoming)) as { type: string; data: { out_trade_no: string } }
    heard.push({ id: String(incoming.headers['webhook-id']), out_trade_no: data.out_trade_no, type })
    answer.writeHead(204).end()
  })
  const hook = await freePort()
  await new Promise<void>((resolve) => endpoint.listen(hook, '127.0.0.1', resolve))

  const servers: Server[] = []
  const way = balancer(servers)
  const wechat: RunningEmulator = await startEmulator({
    port: 0,
    async fetch(notified) {
      const { status, text } = await way.call(
        'POST',
        new URL(notified.url).pathname,
        Object.fromEntries(notified.headers),
        new Uint8Array(await notified.arrayBuffer()),
      )
      return new Response(status === 204 ? null : text, { status })
    },
  })
  const config = join(folder, 'cashdesk.json')
  const settings = wechat.emulator.settings
  writeFileSync(config, JSON.stringify(configForEmulator(settings, { public_url: 'http://127.0.0.1:1', api_key: API_KEY })))
  const ports = [await freePort(), await freePort()]
  for (const port of ports) servers.push(await aServer(config, database, port))

  const api = async (method: string, path: string, json: object = {}): Promise<Answer> =>
    way.call(method, path, { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' }, Buffer.from(JSON.stringify(json)))
  expect((await api('POST', '/v1/webhook_endpoints?merchant=shop', { url: `http://127.0.0.1:${hook}/` })).status).toBe(201)

  const { appid, users } = settings
  const payer = { appid, openid: users[0]?.openid ?? '' }
  const paid = new Set<string>()
  const failed: string[] = []
  let going = true
  const customer = async (who: number): Promise<void> => {
    for (let n = 0; going; n++) {
      const out_trade_no = `ROLL-${who}-${String(n).padStart(5, '0')}`
      const order = { merchant: 'shop', out_trade_no, description: '拿铁', amount: { total: 100 }, payer, pay: true }
      const { status, text } = await api('POST', '/v1/orders', order).catch((error: Error) => ({ status: 0, text: error.message }))
      if (status !== 201 && status !== 200) {
        failed.push(`${out_trade_no}: ${status} ${text}`)
        continue
      }
      const { payment } = JSON.parse(text) as { payment: Record<string, string> }
      expect(wechat.emulator.cashier({ ...payment, appId: appid, openid: payer.openid } as never)).toEqual({ errMsg: 'requestPayment:ok' })
      paid.add(out_trade_no)
      await wechat.emulator.deliverDue()
      await pause(20)
    }
  }
  const customers = Array.from({ length: CUSTOMERS }, (_, who) => customer(who))
  try {
    for (let n = 0; n < RESTARTS; n++) {
      await pause(200)
      const at = n % 2
      expect(await (servers[at] as Server).stop(), 'exit code').toBe(0)
      servers[at] = await aServer(config, database, ports[at] as number)
    }
    going = false
    await Promise.all(customers)
    expect(failed).toEqual([])
    const told = () => new Set(heard.filter(({ type }) => type === 'order.paid').map(({ out_trade_no }) => out_trade_no))
    await expect.poll(() => told().size, { interval: 200 }).toBe(paid.size)
    // After a death the same event may be sent again under the same id; a second event is not allowed.
    expect(new Set(heard.map(({ id }) => id)).size).toBe(paid.size)
    const payments = wechat.emulator.truth().ledger.flatMap((entry) => (entry.kind === 'payment' ? [entry.out_trade_no] : []))
    expect(payments.sort()).toEqual([...paid].sort())
    const store = await openStore(database)
    expect(await store.audit(Date.now() - 60_000)).toEqual([])
    await store.close()
    const { fresh, reused, refused } = way.broken
    console.log(
      `${paid.size} paid over ${RESTARTS} restarts; connections refused ${refused}, broken while idle ${reused}, broken while new ${fresh}`,
    )
    // A request on a connection that a running server accepted was never cut off.
    expect(fresh).toBe(0)
  } finally {
    going = false
    await Promise.all(customers)
    for (const server of servers) await server.stop()
    way.close()
    endpoint.close()
    await wechat.close()
    rmSync(folder, { recursive: true, force: true })
  }
}, 1_200_000)
