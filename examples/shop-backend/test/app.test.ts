// The shop's backend with the real server: its prices count, orders belong to their shopper, and only signed events are applied.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { API_KEY, aWorld, NOW, type TestWorld } from '../../../test/support/world.ts'
import { createShopBackend } from '../src/app.ts'

let world: TestWorld
beforeEach(async () => {
  world = await aWorld()
})
afterEach(() => world.close())

const backend = (fetch = cashdesk, apiKey = API_KEY) =>
  createShopBackend({ cashdeskURL: 'http://cashdesk.test/', apiKey, merchant: 'shop', fetch })

async function cashdesk(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url)
  const body = await request.text()
  const headers = Object.fromEntries(request.headers)
  return world.fetch(pathname + search, { method: request.method, headers, ...(body !== '' && { body }) })
}

const get = (path: string): Request => new Request(`http://shop.test${path}`)
const checkout = (body: unknown, headers: Record<string, string> = {}): Request =>
  new Request('http://shop.test/checkout', { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers })

test('a cart becomes an order at our prices', async () => {
  const items = [
    { product_id: 'latte', quantity: 2 },
    { product_id: 'croissant', quantity: 1 },
  ]
  const answer = await backend().fetch(checkout({ items }))
  expect(answer.status).toBe(201)
  const placed = (await answer.json()) as { out_trade_no: string; client_secret: string }
  expect(placed).toMatchObject({ client_secret: expect.stringMatching(/^cs_/) as string, amount: { total: 6800, currency: 'CNY' } })
  expect(await world.order(placed.out_trade_no)).toMatchObject({ amount: { total: 6800 }, description: '拿铁×2、黄油可颂×1' })

  const seen = await backend().fetch(get(`/orders/${placed.out_trade_no}`))
  expect(await seen.json()).toMatchObject({ out_trade_no: placed.out_trade_no, state: 'created', amount: { total: 6800 } })
})

test('the same checkout sent again gives the same order', async () => {
  const send = async (): Promise<unknown> => {
    const answer = await backend().fetch(checkout({ items: [{ product_id: 'latte', quantity: 1 }] }, { 'idempotency-key': 'tap-1' }))
    return ((await answer.json()) as { out_trade_no: string }).out_trade_no
  }
  expect(await send()).toBe(await send())
})

test('products are listed with their prices in fen', async () => {
  const { products } = (await (await backend().fetch(get('/products'))).json()) as { products: { id: string; price: number }[] }
  expect(products.find(({ id }) => id === 'latte')?.price).toBe(2800)
})

test.each<[string, unknown, RegExp]>([
  ['no JSON', 'price=1', /购物车为空.*cart is empty/],
  ['an empty cart', { items: [] }, /购物车为空/],
  ['too many lines', { items: Array.from({ length: 21 }, () => ({ product_id: 'latte', quantity: 1 })) }, /too long/],
  ['a price of the client', { items: [{ product_id: 'latte', quantity: 1, price: 1 }] }, /不接受的字段：price.*prices are ours/],
  ['an unknown product', { items: [{ product_id: 'gold', quantity: 1 }] }, /没有这个商品：gold.*No such product/],
  ['a quantity of nothing', { items: [{ product_id: 'latte', quantity: 0 }] }, /Bad quantity/],
  ['a broken quantity', { items: [{ product_id: 'latte', quantity: 1.5 }] }, /Bad quantity/],
  ['a quantity in words', { items: [{ product_id: 'latte', quantity: '1' }] }, /Bad quantity/],
])('%s is refused, in two languages, and nothing is ordered', async (_, body, words) => {
  const ordered = vi.fn(cashdesk)
  const answer = await backend(ordered).fetch(checkout(body))
  expect(answer.status).toBe(422)
  expect(((await answer.json()) as { detail: string }).detail).toMatch(words)
  expect(ordered).not.toHaveBeenCalled()
})

test('an order that was never placed is not found', async () => {
  expect((await backend().fetch(get('/orders/NOBODY-0001'))).status).toBe(404)
})

test('no order is made when Cashdesk refuses it', async () => {
  const answer = await backend(cashdesk, 'cd_test_wrong').fetch(checkout({ items: [{ product_id: 'latte', quantity: 1 }] }))
  expect(answer.status).toBe(502)
  expect(await answer.json()).toMatchObject({ code: 'order_not_placed' })
})

test('the answer says when Cashdesk cannot be reached', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const answer = await backend(() => Promise.reject(new TypeError('fetch failed'))).fetch(
    checkout({ items: [{ product_id: 'latte', quantity: 1 }] }),
  )
  expect(answer.status).toBe(502)
  expect(await answer.json()).toMatchObject({ code: 'cashdesk_unreachable' })
  expect(logged).toHaveBeenCalledOnce()
  logged.mockRestore()
})

const SHOPPER = `shopper_${'a'.repeat(32)}`
const STRANGER = `shopper_${'b'.repeat(32)}`

/** A shop that sold a latte to SHOPPER, and receives Cashdesk's events about it. */
async function sold() {
  let heard = 0
  await world.close()
  world = await aWorld({
    async deliver(request) {
      heard++
      return shop.fetch(new Request('http://shop.test/events', request))
    },
  })
  const shop = backend()
  await shop.subscribe('https://shop.example.com/events')
  const ask = async (path: string, init?: RequestInit, shopper = SHOPPER) => {
    const answer = await shop.fetch(new Request(`http://shop.test${path}`, { ...init, headers: { shopper } }))
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  const placed = await shop.fetch(checkout({ items: [{ product_id: 'latte', quantity: 1 }] }, { shopper: SHOPPER }))
  const order = (await placed.json()) as { out_trade_no: string; client_secret: string }
  return { shop, order, ask, heard: () => heard }
}

test('events mark the order paid and refunded, and only its own shopper sees it in the list', async () => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
  const { order, ask, heard } = await sold()
  const listed = async () => ((await ask('/orders')).body['orders'] as Record<string, unknown>[])[0]
  expect(await listed()).toMatchObject({ out_trade_no: order.out_trade_no, state: 'created', refund_state: null, total: 2800 })
  await world.aPhone({ afterCashier: () => world.emulator.deliverDue() }).cashdesk.pay(order)
  expect(await listed()).toMatchObject({ state: 'created' })
  await world.deliver()
  expect(await listed()).toMatchObject({ state: 'paid' })

  const path = `/orders/${order.out_trade_no}`
  expect((await ask(`${path}/refund`, { method: 'POST' }, STRANGER)).status).toBe(404)
  const refund = await ask(`${path}/refund`, { method: 'POST' })
  expect(refund).toMatchObject({ status: 201, body: { state: 'processing', amount: { refund: 2800 } } })
  // A second request gives the same refund.
  expect((await ask(`${path}/refund`, { method: 'POST' })).status).toBe(201)
  expect(await listed()).toMatchObject({ state: 'paid', refund_state: 'processing' })
  await world.clock.advance(5000)
  vi.setSystemTime(NOW + 5000)
  await world.emulator.deliverDue()
  await world.deliver()
  expect(await listed()).toMatchObject({ refund_state: 'succeeded' })
  expect((await ask(path)).body).toMatchObject({
    amount: { refunded: 2800 },
    refund: { state: 'succeeded', received_account: '支付用户零钱' },
  })
  expect(heard()).toBeGreaterThanOrEqual(2)
  vi.useRealTimers()
})

test('another shopper sees neither the order nor its secret, and an unpaid order is not refunded', async () => {
  const { order, ask } = await sold()
  const path = `/orders/${order.out_trade_no}`
  expect((await ask(path)).body).toMatchObject({ client_secret: order.client_secret, items: [{ product_id: 'latte', quantity: 1 }] })
  expect((await ask(path, {}, STRANGER)).status).toBe(404)
  expect((await ask('/orders', {}, STRANGER)).body).toEqual({ orders: [] })
  expect((await ask('/orders', {}, "x' OR 1=1")).body).toEqual({ orders: [] })
  expect(await ask(`${path}/refund`, { method: 'POST' })).toMatchObject({ status: 409, body: { code: expect.any(String) as string } })
})

test('an unsigned event is refused', async () => {
  const { shop, order, ask } = await sold()
  const body = JSON.stringify({ type: 'order.paid', data: { out_trade_no: order.out_trade_no, state: 'paid', version: 99 } })
  const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)), 'webhook-signature': 'v1,AAAA' }
  expect((await shop.fetch(new Request('http://shop.test/events', { method: 'POST', body, headers }))).status).toBe(401)
  expect((await backend().fetch(new Request('http://shop.test/events', { method: 'POST', body, headers }))).status).toBe(503)
  expect((await ask('/orders')).body['orders']).toMatchObject([{ state: 'created' }])
})

test('a restarted shop gets a new secret for the same address', async () => {
  const { shop } = await sold()
  await shop.subscribe('https://shop.example.com/events')
  const { data } = (await (await world.api('/v1/webhook_endpoints?merchant=shop')).json()) as { data: unknown[] }
  expect(data).toHaveLength(1)
})

test('each phone gets its own key', async () => {
  const shop = backend()
  const key = async (): Promise<unknown> =>
    ((await (await shop.fetch(new Request('http://shop.test/shoppers', { method: 'POST' }))).json()) as { shopper: string }).shopper
  expect(await key()).toMatch(/^shopper_[0-9a-f]{32}$/)
  expect(await key()).not.toBe(await key())
})
