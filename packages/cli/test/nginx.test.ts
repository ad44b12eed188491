// A8: the real nginx in front of the server, with the configuration of docs/how-to/proxy.md.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator, type Emulator, systemClock } from '@cashdesk/emulator'
import { createCashdesk } from '@cashdesk/miniprogram'
import { checkConfig, type RunningServer, startServer } from '@cashdesk/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../../test/support/postgres.ts'
import { toolNamed } from '../../../test/support/tools.ts'
import { saidByWechat } from '../../../test/support/wechat-says.ts'
import { configForEmulator } from '../src/index.ts'

const KEY = 'cd_test_0123456789abcdef0123456789'
/** Without nginx these tests are skipped, and `npm test` says so. */
const NGINX = toolNamed('nginx').find()
let folder: string
let emulator: Emulator
let server: RunningServer
let nginx: ChildProcess
/** Ports of nginx as the docs configure it, and of a proxy that sets no header. */
let documented: number
let bare: number

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cashdesk-nginx-'))
  emulator = await createEmulator({ clock: systemClock })
  const config = configForEmulator(emulator.settings, { public_url: 'http://127.0.0.1:1', api_key: KEY })
  server = await startServer(
    checkConfig({ ...config, trusted_proxies: ['127.0.0.1'], limits: { login_address: { per_second: 0.01, burst: 2 } } }),
    { database_url: `sqlite:${join(folder, 'nginx.db')}`, port: 0, fetch: emulator.fetch },
  )
  documented = await freePort()
  bare = await freePort()
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configuration(new URL(server.url).port))
  if (NGINX === undefined) return
  nginx = spawn(NGINX, ['-p', folder, '-c', file, '-e', join(folder, 'error.log')], { stdio: 'inherit' })
  await listening()
})
afterAll(async () => {
  const gone = new Promise((resolve) => nginx.once('exit', resolve))
  nginx.kill('SIGTERM')
  await gone
  await server.close()
  rmSync(folder, { recursive: true })
})

/** nginx does not say when it is ready. */
async function listening(): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const { status } = await ask('/livez').catch(() => ({ status: 0 }))
    if (status === 200) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`nginx did not start: ${readFileSync(join(folder, 'error.log'), 'utf8')}`)
}

/** The configuration of the how-to on ports of this test, without TLS, and beside it a proxy that sets no header. */
function configuration(port: string): string {
  const page = readFileSync(new URL('../../../docs/how-to/proxy.md', import.meta.url), 'utf8')
  const [, block = ''] = /```nginx\n([\s\S]*?)```/.exec(page) ?? []
  const site = block
    .replace('server 127.0.0.1:8910;', `server 127.0.0.1:${port};`)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${documented};`)
    .replaceAll(/^.*ssl_certificate.*\n/gm, '')
    // Like a firewall in front of one path.
    .replace(
      'location / {',
      `location = /client/v1/orders/BLOCKED-01/pay { default_type text/html; return 403 '<html>blocked</html>'; }\n    location / {`,
    )
  expect(site).toContain(`listen 127.0.0.1:${documented}`)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n')
  return `daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
${process.getuid?.() === 0 ? 'user root;' : ''}
events {}
http {
${temporary}
access_log off;
${site}
server { listen 127.0.0.1:${bare}; location / { proxy_pass http://127.0.0.1:${port}; } }
}
`
}

interface Asked {
  port?: number
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
  /** Which of this machine's loopback addresses the caller uses. */
  from?: string
}

function ask(
  path: string,
  { port = documented, method = 'GET', headers = {}, body, from }: Asked = {},
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method, headers, ...(from !== undefined && { localAddress: from }) }
    const sent = http.request(options, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

test.skipIf(NGINX === undefined)('A8: a notification arrives byte for byte, even one that nginx buffers in a file', async () => {
  for (const padding of ['', '拿'.repeat(15_000)]) {
    const { headers, body } = await saidByWechat(emulator.keys, Date.now(), {
      resource: {
        mchid: emulator.settings.mchid,
        out_trade_no: `NGINX-${padding.length}`,
        trade_state: 'SUCCESS',
        transaction_id: '42',
        amount: { total: 1 },
      },
      envelope: { summary: padding },
    })
    expect((await ask('/wechat/shop/notify/payment', { method: 'POST', headers, body })).status).toBe(204)
  }
})

test.skipIf(NGINX === undefined)('A8: a body that is too large is answered 413, by the server and by nginx', async () => {
  for (const size of [70_000, 200_000]) {
    const answer = await ask('/v1/orders', { method: 'POST', headers: { authorization: `Bearer ${KEY}` }, body: 'x'.repeat(size) })
    expect([size, answer.status]).toEqual([size, 413])
  }
})

test.skipIf(NGINX === undefined)('A8: many calls share few connections to the server', async () => {
  const answers = await Promise.all(
    Array.from({ length: 200 }, () => ask('/v1/orders?merchant=shop', { headers: { authorization: `Bearer ${KEY}` } })),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
})

test.skipIf(NGINX === undefined)('A8: logins are limited by the caller’s own address, whatever address the caller claims', async () => {
  const login = async (from: string, claimed?: string) =>
    (
      await ask('/client/v1/sessions', {
        method: 'POST',
        from,
        headers: claimed === undefined ? {} : { 'x-forwarded-for': claimed },
        body: JSON.stringify({ appid: 'wxunknown', code: 'x' }),
      })
    ).status
  expect([await login('127.0.0.2'), await login('127.0.0.2', '1.1.1.1'), await login('127.0.0.2', '2.2.2.2')]).toEqual([422, 422, 429])
  expect(await login('127.0.0.3')).toBe(422)
})

test.skipIf(NGINX === undefined)(
  'A8: metrics are not public, neither with the nginx of the docs nor behind a proxy that sets no header',
  async () => {
    expect((await ask('/metrics')).status).toBe(404)
    expect((await ask('/metrics', { port: bare })).status).toBe(401)
  },
)

test.skipIf(NGINX === undefined)('A8, C2: the phone does not call the order failed because of a firewall’s page', async () => {
  const order = { merchant: 'shop', out_trade_no: 'BLOCKED-01', description: '拿铁', amount: { total: 100 } }
  const made = await ask('/v1/orders', { method: 'POST', headers: { authorization: `Bearer ${KEY}` }, body: JSON.stringify(order) })
  const { client_secret } = JSON.parse(made.text) as { client_secret: string }
  const { appid, users } = emulator.settings
  const kept = new Map<string, string>()
  const cashdesk = createCashdesk({
    baseURL: `http://127.0.0.1:${documented}`,
    appid,
    host: {
      login: async () => emulator.login({ appid, openid: users[0]?.openid ?? '' }).code,
      async request({ method, url, header, data }) {
        const { status, text } = await ask(new URL(url).pathname + new URL(url).search, {
          method,
          from: '127.0.0.4',
          headers: header,
          ...(data && { body: JSON.stringify(data) }),
        })
        return { status, data: text.startsWith('{') ? JSON.parse(text) : text }
      },
      requestPayment: () => Promise.reject(new Error('must not be reached')),
      read: (key) => kept.get(key),
      write: (key, value) => void kept.set(key, value),
      remove: (key) => void kept.delete(key),
      wait: async () => {},
    },
  })
  expect((await cashdesk.pay({ out_trade_no: 'BLOCKED-01', client_secret })).status).toBe('pending')
})
