// A server that is told to stop says so on /readyz, answers the requests in progress, and then ends.

import { createEmulator, virtualClock } from '@cashdesk/emulator'
import { checkConfig, createApp, createWorld, startServer } from '@cashdesk/server'
import { openStore } from '@cashdesk/store'
import { expect, test } from 'vitest'
import { configForEmulator } from '../src/index.ts'

const API_KEY = 'cd_test_drain_0123456789abcdef'
const headers = { authorization: `Bearer ${API_KEY}` }

test('requests in progress are answered, and later ones are refused', async () => {
  const emulator = await createEmulator({ clock: virtualClock(Date.now()), fetch: async () => new Response(null) })
  const config = checkConfig(configForEmulator(emulator.settings, { public_url: 'http://127.0.0.1:1', api_key: API_KEY }))
  let asked = (): void => {}
  let release = (): void => {}
  const waiting = new Promise<void>((resolve) => (asked = resolve))
  const held = new Promise<void>((resolve) => (release = resolve))
  const running = await startServer(config, {
    database_url: 'sqlite::memory:',
    port: 0,
    async fetch(request) {
      if (request.url.endsWith('/transactions/jsapi')) {
        asked()
        await held
      }
      return emulator.fetch(request)
    },
  })
  const payer = { appid: emulator.settings.appid, openid: emulator.settings.users[0]?.openid }
  const order = { merchant: 'shop', out_trade_no: 'DRAIN-0001', description: 'x', amount: { total: 1 }, payer }
  await fetch(`${running.url}/v1/orders`, { method: 'POST', headers, body: JSON.stringify(order) })
  const paying = fetch(`${running.url}/v1/orders/DRAIN-0001/pay?merchant=shop`, { method: 'POST', headers })
  await waiting
  const closed = running.close()
  release()
  const answer = await paying
  expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close'])
  await closed
  await expect(fetch(`${running.url}/livez`)).rejects.toThrow()
})

test('/readyz says that the server is draining; /livez still answers', async () => {
  const emulator = await createEmulator({ clock: virtualClock(0), fetch: async () => new Response(null) })
  const config = configForEmulator(emulator.settings, { public_url: 'http://127.0.0.1:1', api_key: API_KEY })
  const store = await openStore('sqlite::memory:')
  const app = createApp(createWorld(config, { store }))
  const ask = (path: string) => app.fetch(new Request(`http://cashdesk.test${path}`))
  expect((await ask('/readyz')).status).toBe(200)
  app.drain()
  const not = await ask('/readyz')
  expect([not.status, await not.json()]).toMatchObject([503, { ok: false, wrong: ['draining'] }])
  expect((await ask('/livez')).status).toBe(200)
  await store.close()
})
