// The life of an order through the typed client. Every answer is checked against the schema of its route: no field is missing, and none is added.

import { type CashdeskClient, CashdeskProblem, createCashdeskClient, problemAnswer, ROUTES, type Route } from '@cashdesk/contract'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { API_KEY, aWorld, type TestWorld } from '../support/world.ts'

let world: TestWorld
let cashdesk: CashdeskClient
const seen = new Set<string>()

beforeEach(async () => {
  seen.clear()
  world = await aWorld({
    configure: (config) => ({
      ...config,
      api_keys: [{ key: API_KEY, merchants: ['shop', 'mall'], scopes: ['orders:write', 'refunds:write', 'read', 'webhooks', 'admin'] }],
    }),
    deliver: async () => new Response(null, { status: 204 }),
  })
  cashdesk = createCashdeskClient({ baseURL: 'http://cashdesk.test/', apiKey: API_KEY, fetch: held })
})
afterEach(() => world.close())

/** Sends a request, and checks its answer against the contract. */
async function held(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const [name, route] = routeOf(request.method, pathname)
  const answer = await world.fetch(pathname + search, {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    body: await bodyOf(request),
  })
  const body: unknown = answer.status === 204 ? undefined : await answer.clone().json()
  const schema = answer.ok ? route.answer : problemAnswer
  if (answer.ok) expect(route.status).toContain(answer.status)
  expect(schema === null ? undefined : schema.parse(body), name).toEqual(body)
  seen.add(name)
  return answer
}

function routeOf(method: string, pathname: string): [string, Route] {
  const found = Object.entries(ROUTES).find(
    ([, route]) => route.method === method && new RegExp(`^${route.path.replaceAll(/\{[a-z_]+\}/g, '[^/]+')}$`).test(pathname),
  )
  if (!found) throw new Error(`no route for ${method} ${pathname}`)
  return found
}

async function bodyOf(request: Request): Promise<string | null> {
  const text = await request.text()
  return text === '' ? null : text
}

test('the client places an order that is paid, notified and partly refunded, and creates and ends keys and endpoints', async () => {
  const { settings } = world.emulator
  const endpoint = await cashdesk.webhookEndpoints.create({ url: 'https://hook.example.com/' }, { merchant: 'shop' })
  const order = { merchant: 'shop', description: '拿铁', amount: { total: 2800 }, metadata: { table: '7' } }
  const openid = world.aPhone().openid
  const placed = await cashdesk.orders.create({ ...order, payer: { openid, appid: settings.appid } }, { idempotencyKey: 'cart-1' })
  const again = await cashdesk.orders.create({ ...order, payer: { openid, appid: settings.appid } }, { idempotencyKey: 'cart-1' })
  expect(again).toEqual(placed)

  const fields = await cashdesk.orders.pay(placed.out_trade_no, { merchant: 'shop' })
  world.emulator.cashier({ ...fields, appId: settings.appid, openid, action: 'pay' })
  await world.emulator.deliverDue()
  expect(await cashdesk.orders.get(placed.out_trade_no, { merchant: 'shop', refresh: '1' })).toMatchObject({ state: 'paid', version: 4 })
  expect((await cashdesk.orders.list({ merchant: 'shop', limit: 5, state: 'paid' })).data).toHaveLength(1)
  expect((await cashdesk.orders.story(placed.out_trade_no, { merchant: 'shop' })).order.state).toBe('paid')

  const refund = await cashdesk.refunds.create(placed.out_trade_no, { out_refund_no: 'R-1', amount: { refund: 800 } }, { merchant: 'shop' })
  await world.emulator.deliverDue()
  await cashdesk.refunds.get(refund.out_refund_no, { merchant: 'shop', refresh: '1' })
  expect((await cashdesk.refunds.ofOrder(placed.out_trade_no, { merchant: 'shop' })).data).toHaveLength(1)

  const dropped = await cashdesk.orders.create({ merchant: 'shop', out_trade_no: 'DROPPED-1', description: '茶', amount: { total: 100 } })
  expect(await cashdesk.orders.close(dropped.out_trade_no, { merchant: 'shop' })).toMatchObject({ state: 'closed' })

  await world.deliver()
  const { data: events } = await cashdesk.events.list({ merchant: 'shop' })
  const paid = events.find((one) => one.type === 'order.paid')?.id ?? ''
  expect((await cashdesk.events.deliveries(paid, { merchant: 'shop' })).data).toMatchObject([
    { state: 'succeeded', endpoint_id: endpoint.id },
  ])
  await cashdesk.events.replay(paid, { merchant: 'shop' })
  expect(await cashdesk.events.replayAll({ from: '2020-01-01T00:00:00Z' }, { merchant: 'shop' })).toMatchObject({ next: null })
  await cashdesk.webhookEndpoints.rotate(endpoint.id, { merchant: 'shop' })
  expect((await cashdesk.webhookEndpoints.list({ merchant: 'shop' })).data).toMatchObject([{ enabled: true }])
  await cashdesk.webhookEndpoints.disable(endpoint.id, { merchant: 'shop' })

  const key = await cashdesk.apiKeys.create({ name: 'x', merchants: ['shop'], scopes: ['read'], expires_at: '2027-01-01T00:00:00+08:00' })
  await cashdesk.apiKeys.list()
  await cashdesk.apiKeys.revoke(key.prefix)
  const review = cashdesk.orders.review(placed.out_trade_no, { decision: 'accept', reason: 'x' }, { merchant: 'shop' })
  await expect(review).rejects.toMatchObject({ code: 'order_not_in_review' })
  expect((await cashdesk.auditLog.list({ merchant: 'shop' })).data.at(-1)).toMatchObject({ act: 'api_key.revoke', subject: key.prefix })

  await world.world.store.transaction((tx) =>
    tx.incidents.open({ merchant: 'shop', kind: 'stuck', subject: 'X', detail: { claims: '9' }, now: 0 }),
  )
  const { data: incidents } = await cashdesk.incidents.list({ merchant: 'shop', state: 'open' })
  expect(incidents).toMatchObject([{ kind: 'stuck', subject: 'X', detail: { claims: '9' }, note: null }])
  const resolved = await cashdesk.incidents.resolve(incidents[0]?.id ?? '', { note: 'looked' }, { merchant: 'shop' })
  expect(resolved).toMatchObject({ state: 'resolved', note: 'looked' })
  expect((await cashdesk.events.list({ merchant: 'shop' })).data.slice(-2)).toMatchObject([
    { type: 'incident.opened', data: { id: resolved.id, state: 'open' } },
    { type: 'incident.resolved', data: resolved },
  ])

  const { mchid } = settings
  const day = '2026-11-20'
  const of = { merchant: 'shop' }
  expect(await cashdesk.reconciliations.run(day, {}, of)).toMatchObject({ mchid, date: day, state: 'empty' })
  expect((await cashdesk.reconciliations.list({ ...of, from: day, to: day })).data).toMatchObject([{ date: day, runs: 1 }])
  expect(await cashdesk.reconciliations.get(day, of)).toMatchObject({ files: { trade: { state: 'empty' } } })
  const nonsense = cashdesk.reconciliations.import(day, Buffer.from('no bill'), { ...of, kind: 'trade' })
  await expect(nonsense).rejects.toMatchObject({ code: 'bill_refused' })
  const finding = { class: 'amount' as const, subject: 'X', merchant: 'shop', amount: 5, detail: { ours: '1', theirs: '6' } }
  const { id } = await world.world.store.transaction((tx) => tx.books.note({ mchid, date: day, run: 1 }, finding, 0))
  expect((await cashdesk.differences.list({ ...of, date: day })).data).toMatchObject([{ id, class: 'amount', age: '>30' }])
  expect(await cashdesk.differences.act(id, { act: 'accept', note: 'small' }, of)).toMatchObject({ state: 'accepted' })
  expect(await cashdesk.differences.get(id, of)).toMatchObject({ state: 'accepted', note: 'small' })

  const forKeys = Object.entries(ROUTES).filter(([, { who }]) => who !== 'session' && who !== 'anyone')
  expect([...seen].sort()).toEqual(forKeys.map(([name]) => name).sort())
})

test('a refusal is a CashdeskProblem with its code, in the requested language', async () => {
  const chinese = createCashdeskClient({ baseURL: 'http://cashdesk.test', apiKey: API_KEY, fetch: held, language: 'zh' })
  const refused: unknown = await chinese.orders.get('NOT-THERE', { merchant: 'shop' }).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(CashdeskProblem)
  expect(refused).toMatchObject({ status: 404, code: 'not_found', message: 'not_found: 资源不存在。' })
})

test('an answer that is not Cashdesk’s gives an error that says so', async () => {
  const elsewhere = createCashdeskClient({
    baseURL: 'http://elsewhere.test',
    apiKey: 'x',
    fetch: async () => new Response('<h1>502</h1>', { status: 502, headers: { 'content-type': 'text/html' } }),
  })
  await expect(elsewhere.orders.list()).rejects.toMatchObject({ status: 502, code: 'not_cashdesk', message: /baseURL/ })
})

test('/openapi.json and /docs are served completely, and the page loads no other files and runs no script', async () => {
  const document = (await (await world.fetch('/openapi.json')).json()) as { openapi: string; paths: object }
  expect(document.openapi).toBe('3.1.0')
  const page = await world.fetch('/docs')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  const html = await page.text()
  for (const path of Object.keys(document.paths)) expect(html).toContain(path)
  expect(html).not.toMatch(/<script|<link|<img|src=|https?:\/\//)
  // Every link of the page leads to a part of it or to the document.
  for (const [, target = ''] of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${target}"`)
})
