// The shop's backend with the real server behind it: its prices count, and nothing else is accepted.

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { API_KEY, aWorld, type TestWorld } from '../../../test/support/world.ts'
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

test('the same checkout, sent again, is the same order', async () => {
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

test('an order that nobody placed is not found', async () => {
  expect((await backend().fetch(get('/orders/NOBODY-0001'))).status).toBe(404)
})

test('a refusal by Cashdesk is no order', async () => {
  const answer = await backend(cashdesk, 'cd_test_wrong').fetch(checkout({ items: [{ product_id: 'latte', quantity: 1 }] }))
  expect(answer.status).toBe(502)
  expect(await answer.json()).toMatchObject({ code: 'order_not_placed' })
})

test('a Cashdesk that cannot be reached is said', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const answer = await backend(() => Promise.reject(new TypeError('fetch failed'))).fetch(
    checkout({ items: [{ product_id: 'latte', quantity: 1 }] }),
  )
  expect(answer.status).toBe(502)
  expect(await answer.json()).toMatchObject({ code: 'cashdesk_unreachable' })
  expect(logged).toHaveBeenCalledOnce()
  logged.mockRestore()
})
