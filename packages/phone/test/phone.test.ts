// The phone's only address: what it serves, what it forwards, what it records, and what it refuses.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator, type Fetch, systemClock } from '@cashdesk/emulator'
import { createExchanges, createPhone } from '@cashdesk/phone'
import { expect, onTestFinished, test } from 'vitest'

async function aPhone({ shop = answering('shop'), server = answering('server') }: { shop?: Fetch; server?: Fetch } = {}) {
  const program = mkdtempSync(join(tmpdir(), 'program-'))
  onTestFinished(() => rmSync(program, { recursive: true }))
  writeFileSync(join(program, 'index.html'), '<html><head><title>店</title><script src="a.js"></script></head></html>')
  writeFileSync(join(program, 'a.js'), 'wx')
  const emulator = await createEmulator()
  let restarts = 0
  const phone = createPhone({
    program,
    appid: emulator.settings.appid,
    merchant_name: '小店',
    emulator,
    shop,
    server,
    exchanges: createExchanges(systemClock),
    orders: () => Promise.reject(new Error('down')),
    restart: async () => void restarts++,
  })
  const ask = (path: string, init?: RequestInit): Promise<Response> =>
    phone.fetch(new Request(new URL(path, 'http://127.0.0.1:8920'), init))
  const post = (path: string, body: object, headers = {}) =>
    ask(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } })
  const story = async () =>
    (await (await ask('/story')).json()) as { exchanges: Record<string, unknown>[]; orders: unknown; online: boolean }
  return { emulator, ask, post, story, restarts: () => restarts }
}

function answering(name: string): Fetch {
  return async (request) => Response.json({ name, path: new URL(request.url).pathname, sent: await request.text() }, { status: 201 })
}

test('the program is served with WeChat’s script before its first one, and no file outside its folder is served', async () => {
  const { ask } = await aPhone()
  const page = await (await ask('/program/')).text()
  expect(page).toContain('<head><script src="../assets/wx.js"></script><title>')
  expect(await (await ask('/program/a.js')).text()).toBe('wx')
  expect((await ask('/assets/phone.js')).headers.get('content-type')).toContain('text/javascript')
  for (const path of ['/program/none.js', '/program/%2e%2e%2f%2e%2e%2fetc%2fpasswd', '/assets/..%2fpackage.json', '/host/elsewhere/x'])
    expect((await ask(path)).status).toBe(404)
})

test('requests of the program reach the two servers, and are recorded', async () => {
  const { post, story } = await aPhone()
  const answer = await post('/host/backend/checkout', { items: [] })
  expect(await answer.json()).toEqual({ name: 'shop', path: '/checkout', sent: '{"items":[]}' })
  await post('/host/cashdesk/client/v1/sessions', {})
  await post('/events', { type: 'order.paid' })
  const { exchanges, orders } = await story()
  expect(exchanges).toMatchObject([
    { from: 'phone', to: 'shop', method: 'POST', path: '/checkout', status: 201, request: '{"items":[]}' },
    { from: 'phone', to: 'server', path: '/client/v1/sessions' },
    { from: 'server', to: 'shop', path: '/events' },
  ])
  // A server that is down answers nothing, and the story still shows the request.
  expect(orders).toBeNull()
})

test('an AppSecret in an address is hidden', async () => {
  const exchanges = createExchanges(systemClock)
  await exchanges.recorded(
    'server',
    'wechat',
    answering('wechat'),
  )(new Request('http://wechat.test/sns/jscode2session?appid=1&secret=s3cret&js_code=c'))
  expect(JSON.stringify(exchanges.list())).not.toContain('s3cret')
  expect(exchanges.list()[0]?.path).toBe('/sns/jscode2session?appid=1&secret=…&js_code=c')
})

test('without network the phone reaches nothing and sees a lost connection, but the panel still works', async () => {
  const { post, ask, story } = await aPhone()
  await post('/network', { online: false })
  await expect(post('/host/backend/checkout', {})).rejects.toThrow('connection was lost')
  await expect(post('/wechat/login', {})).rejects.toThrow('connection was lost')
  await expect(post('/wechat/login', {})).rejects.toThrow('connection was lost')
  expect((await ask('/wechat/clock')).status).toBe(200)
  // The browser's own retry adds no second line.
  expect((await story()).exchanges).toMatchObject([
    { mark: 'offline' },
    { to: 'shop', path: '/checkout', error: expect.stringContaining('phone offline') },
    { to: 'wechat', path: '/_emulator/login', error: expect.stringContaining('phone offline') },
  ])
  expect((await story()).online).toBe(false)
  await post('/network', { online: true })
  expect((await post('/host/backend/checkout', {})).status).toBe(201)
})

test('a server that cannot be reached looks like a lost connection, and the story shows the reason', async () => {
  const { post, story } = await aPhone({
    server: () => Promise.reject(new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })),
  })
  await expect(post('/host/cashdesk/client/v1/sessions', {})).rejects.toThrow('connection was lost')
  expect((await story()).exchanges).toMatchObject([{ to: 'server', error: 'ECONNREFUSED' }])
})

test('another site that is open in the same browser reaches nothing', async () => {
  const { ask, post, restarts } = await aPhone()
  const foreign = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }
  expect((await post('/restart', {}, foreign)).status).toBe(403)
  expect((await post('/wechat/reset', {}, foreign)).status).toBe(403)
  // A foreign name that leads to this machine gets no access (DNS rebinding).
  expect((await post('http://evil.example:8920/restart', {})).status).toBe(403)
  expect((await ask('http://evil.example:8920/wechat/settings')).status).toBe(403)
  expect(restarts()).toBe(0)
  expect((await ask('http://localhost:8920/')).status).toBe(200)
  expect((await post('/restart', {})).status).toBe(200)
  expect(restarts()).toBe(1)
})
