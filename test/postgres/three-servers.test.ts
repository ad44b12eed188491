// Three servers on one PostgreSQL (C2, G9): every notification reaches all of them at once, all run the schedule at once, and each effect happens once.

import { openStore } from '@cashdesk/store'
import { afterEach, expect, test } from 'vitest'
import { contradictions, type Promised } from '../../simulation/src/oracle.ts'
import type { Heard } from '../../simulation/src/world.ts'
import { aDatabase } from '../support/database.ts'
import { API_KEY, aWorld, HOUR, type TestWorld } from '../support/world.ts'

const servers: TestWorld[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

test('thirty customers on three servers cause no effect twice', async () => {
  const databaseURL = await aDatabase()
  // Migrated once, as an operator would do it.
  await (await openStore(databaseURL)).close()
  const heard: Heard[] = []
  const deliver = async (request: Request): Promise<Response> => {
    heard.push({ id: request.headers.get('webhook-id') ?? '', ...((await request.json()) as Omit<Heard, 'id'>) })
    return new Response(null, { status: 204 })
  }
  const first = await aWorld({
    databaseURL,
    deliver,
    async notified(request, server) {
      const body = new Uint8Array(await request.arrayBuffer())
      const { pathname } = new URL(request.url)
      const again = { method: 'POST', headers: Object.fromEntries(request.headers), body }
      const [answer] = await Promise.all([
        server(new Request(request.url, again)),
        ...servers.slice(1).map((other) => other.fetch(pathname, again)),
      ])
      return answer
    },
  })
  servers.push(first)
  for (let i = 0; i < 2; i++) servers.push(await aWorld({ databaseURL, deliver, network: (request) => first.emulator.fetch(request) }))
  await first.api('/v1/webhook_endpoints?merchant=shop', { method: 'POST', json: { url: 'https://shop.example.com/hook' } })

  const { appid, users } = first.emulator.settings
  const openid = users[0]?.openid ?? ''
  const promised: Promised = { orders: new Map(), paid: new Set(), refunds: new Map(), misled: [], tried: 0 }
  const customer = async (n: number): Promise<void> => {
    const server = servers[n % 3] ?? first
    const out_trade_no = `THREE-${String(n).padStart(4, '0')}`
    const made = await server.placeOrder({ out_trade_no, amount: { total: 100 }, payer: { appid, openid } })
    promised.orders.set(out_trade_no, { total: 100, client_secret: made.client_secret })
    const fields = await (await server.api(`/v1/orders/${out_trade_no}/pay?merchant=shop`, { method: 'POST', json: {} })).json()
    if (n % 5 === 0) return
    expect(first.emulator.cashier({ ...(fields as object), appId: appid, openid })).toEqual({ errMsg: 'requestPayment:ok' })
  }
  await Promise.all(Array.from({ length: 30 }, (_, n) => customer(n)))
  await first.emulator.deliverDue()
  // The same refund is requested from all three at once.
  await Promise.all(
    [1, 2, 3, 4].flatMap((n) => {
      const path = `/v1/orders/THREE-${String(n).padStart(4, '0')}/refunds?merchant=shop`
      return servers.map((server) => server.api(path, { method: 'POST', json: { out_refund_no: `R-${n}`, amount: { refund: 40 } } }))
    }),
  )
  for (let hours = 0; hours < 48; hours += 4) {
    await first.emulator.deliverDue()
    await Promise.all(servers.map((server) => server.settle()))
    await Promise.all(servers.map((server) => server.deliver()))
    for (const server of servers) await server.clock.advance(4 * HOUR)
  }
  const api = async <T>(method: 'GET', path: string): Promise<{ status: number; body: T }> => {
    const answer = await first.fetch(path, { method, headers: { authorization: `Bearer ${API_KEY}` } })
    return { status: answer.status, body: (await answer.json()) as T }
  }
  const audit = () => first.world.store.audit(first.clock.now() - 24 * HOUR)
  expect(await contradictions({ emulator: first.emulator, heard, api, audit }, promised)).toEqual([])
  expect(first.emulator.truth().ledger.filter(({ kind }) => kind === 'payment')).toHaveLength(24)
  expect(first.emulator.truth().ledger.filter(({ kind }) => kind === 'refund')).toHaveLength(4)
})
