// Each backend as a process of its own, paid by a phone: in Node over the SDK, in Python over Cashdesk's HTTP API.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningEmulator, startEmulator } from '@cashdesk/emulator'
import { runMiniProgram } from '@cashdesk/headless'
import { getRequestListener } from '@hono/node-server'
import { startDev } from 'cashdesk'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'

const here = join(import.meta.dirname, '..')
const dir = mkdtempSync(join(tmpdir(), 'backends-'))
let wechat: RunningEmulator

beforeAll(async () => {
  wechat = await startEmulator({ port: 0, dir })
})
afterAll(async () => {
  await wechat.close()
  rmSync(dir, { recursive: true })
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

/** The address of the process once it listens. The process ends with the test. */
async function started(command: string, args: string[], env: Record<string, string>): Promise<string> {
  const child: ChildProcess = spawn(command, args, { cwd: here, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        const address = /^ready (http:\S+)$/m.exec(text)?.[1]
        if (address !== undefined) resolve(address)
      })
    }
    child.once('close', (code) => reject(new Error(`ended with ${code}:\n${text}`)))
  })
}

/** Serves the exports of its route files on a socket, as Next.js does. */
async function nextApplication(port: number): Promise<string> {
  // The route logs refusals here, in this process.
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  onTestFinished(() => logged.mockRestore())
  vi.stubEnv('WECHAT', join(dir, 'emulator.json'))
  vi.stubEnv('PUBLIC_URL', `http://127.0.0.1:${port}`)
  onTestFinished(() => void vi.unstubAllEnvs())
  const pay = await import('../next/app/api/pay/route.ts')
  const notify = await import('../next/app/api/notify/route.ts')
  const orders = await import('../next/app/api/orders/[out_trade_no]/route.ts')
  const route = (request: Request): Response | Promise<Response> => {
    const { pathname } = new URL(request.url)
    if (pathname === '/api/pay') return pay.POST(request)
    if (pathname === '/api/notify') return notify.POST(request)
    const out_trade_no = pathname.slice('/api/orders/'.length)
    return orders.GET(request, { params: Promise.resolve({ out_trade_no }) })
  }
  const server = createServer(getRequestListener(route)).listen(port, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${port}`
}

describe.each(['express', 'hono', 'nest', 'next'])('%s', (name) => {
  test('a latte becomes paid by the notification alone, and by the phone’s question alone', async () => {
    const port = await freePort()
    const env = { WECHAT: join(dir, 'emulator.json'), PUBLIC_URL: `http://127.0.0.1:${port}`, PORT: String(port) }
    const url =
      name === 'next' ? await nextApplication(port) : await started(process.execPath, ['--conditions=@cashdesk/source', `${name}.ts`], env)
    const { emulator } = wechat
    const { appid, users } = emulator.settings
    const openid = users[0]?.openid ?? ''
    const post = (path: string, body: string) =>
      fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const state = async (out_trade_no: string) =>
      (await (await fetch(`${url}/api/orders/${out_trade_no}`)).json()) as { state: string | null }
    const order = async () => {
      const { code } = emulator.login({ appid, openid })
      const answer = await post('/api/pay', JSON.stringify({ code, product_id: 'latte', price: 1 }))
      expect(answer.ok).toBe(true)
      return (await answer.json()) as { out_trade_no: string; payment: Record<string, string> }
    }
    const pay = (payment: object) => expect(emulator.cashier({ ...payment, appId: appid, openid })).toEqual({ errMsg: 'requestPayment:ok' })

    const told = await order()
    expect(await state(told.out_trade_no)).toEqual({ state: 'pending' })
    pay(told.payment)
    await expect.poll(() => emulator.notifications().find((one) => one.out_trade_no === told.out_trade_no)?.state).toBe('delivered')
    // From here on WeChat answers no query, so only the notification can have reported the payment.
    emulator.faults.add({ fault: 'request.refused', match: { path: '/v3/pay/transactions/out-trade-no' }, times: 100 })
    expect(await state(told.out_trade_no)).toEqual({ state: 'paid' })
    emulator.faults.remove()

    emulator.faults.add({ fault: 'notification.lost' })
    const asked = await order()
    pay(asked.payment)
    expect(await state(asked.out_trade_no)).toEqual({ state: 'paid' })

    expect(
      emulator
        .truth()
        .ledger.filter((entry) => entry.kind === 'payment')
        .every(({ amount }) => amount.total === 2800),
    ).toBe(true)
    expect((await post('/api/pay', 'price=1')).status).toBeGreaterThanOrEqual(400)
    expect((await post('/api/pay', '{"code":"c","product_id":"constructor"}')).status).toBe(422)
    expect((await post('/api/pay', '{"code":"used","product_id":"latte"}')).status).toBe(502)
    expect((await post('/api/notify', '{}')).status).toBe(400)
    expect((await fetch(`${url}/api/orders/none`)).status).toBe(404)
  })
})

const python = spawnSync('python3', ['--version']).status === 0

test.skipIf(!python)(
  'Python: the native mini program buys from it, and Cashdesk sends it the event',
  async () => {
    const bundle = mkdtempSync(join(tmpdir(), 'python-shop-'))
    onTestFinished(() => rmSync(bundle, { recursive: true }))
    execFileSync('npm', ['run', 'build', '--', bundle], { cwd: join(here, '../native-shop') })
    const dev = await startDev({ dir: join(bundle, 'dev'), port: 0, wechat_port: 0, phone_port: 0 })
    onTestFinished(() => dev.close())
    const env = { CASHDESK_URL: dev.server, CASHDESK_API_KEY: dev.api_key, CASHDESK_MERCHANT: 'shop', PORT: '0' }
    const backend = await started('python3', ['python/backend.py'], env)

    const { appid } = dev.emulator.settings
    const phone = runMiniProgram({ dir: bundle, appid, emulator: dev.wechat, ext: { backend, cashdesk: dev.server } })
    const shelf = await phone.open()
    await shelf.waitFor((page) => page.text('.name').includes('拿铁'))
    await shelf.tap('#buy-latte')
    const order = await phone.waitForPage('pages/order/order')
    await order.waitFor((page) => page.text('#title') === '支付成功')
    const out_trade_no = String(order.query['id'])
    const fulfilled = async () => ((await (await fetch(`${backend}/fulfilled`)).json()) as { orders: string[] }).orders
    await expect.poll(fulfilled).toEqual([out_trade_no])
    phone.close()

    const post = (path: string, body: string, headers = {}) => fetch(backend + path, { method: 'POST', headers, body })
    const now = String(Math.floor(Date.now() / 1000))
    const forged = { 'webhook-id': 'evt_1', 'webhook-timestamp': now, 'webhook-signature': 'v1,AAAA' }
    expect((await post('/events', '{"type":"order.paid","data":{"out_trade_no":"FORGED"}}', forged)).status).toBe(401)
    expect(await fulfilled()).toEqual([out_trade_no])
    expect((await post('/checkout', '{"items":[{"product_id":"latte","quantity":1,"price":1}]}')).status).toBe(422)
    expect((await post('/checkout', '{"items":[1]}')).status).toBe(422)
    expect((await post('/checkout', 'price=1')).status).toBe(422)
    expect((await fetch(`${backend}/orders/NOBODY-0001`)).status).toBe(404)
  },
  40_000,
)
