// The shop's backend: lists products, and turns a cart into a Cashdesk order. The phone never names a price.

import { Hono } from 'hono'
import { PRODUCTS } from './products.ts'

export interface ShopOptions {
  cashdeskURL: string
  apiKey: string
  /** The Cashdesk merchant to sell for, when the key may act for several. */
  merchant?: string | undefined
  fetch?: (request: Request) => Promise<Response>
}

const QUANTITY_MAX = 99
const ITEMS_MAX = 20

interface Cart {
  description: string
  total: number
}

export function createShopBackend(options: ShopOptions): { fetch(request: Request): Promise<Response> } {
  const app = new Hono()
  const cashdesk = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { authorization: `Bearer ${options.apiKey}`, 'content-type': 'application/json', ...init.headers }
    const request = new Request(`${options.cashdeskURL.replace(/\/+$/, '')}/v1${path}`, { ...init, headers })
    return (options.fetch ?? fetch)(request)
  }

  app.get('/products', (c) => c.json({ products: PRODUCTS }))

  app.post('/checkout', async (c) => {
    const cart = readCart(await c.req.json().catch(() => undefined))
    if (typeof cart === 'string') return c.json({ code: 'bad_cart', detail: cart }, 422)
    const order = {
      merchant: options.merchant,
      description: cart.description,
      amount: { total: cart.total, currency: 'CNY' },
    }
    // One checkout, one order: Cashdesk recognises a repeated request by this key.
    const answer = await cashdesk('/orders', {
      method: 'POST',
      headers: { 'idempotency-key': c.req.header('idempotency-key') ?? crypto.randomUUID() },
      body: JSON.stringify(order),
    })
    const placed = (await answer.json()) as { out_trade_no?: string; client_secret?: string; amount?: { total: number; currency: string } }
    if (!answer.ok) return c.json({ code: 'order_not_placed', detail: '下单失败，请稍后重试 / The order could not be placed.' }, 502)
    return c.json({ out_trade_no: placed.out_trade_no, client_secret: placed.client_secret, amount: placed.amount }, 201)
  })

  app.get('/orders/:out_trade_no', async (c) => {
    const query = options.merchant === undefined ? '' : `?merchant=${encodeURIComponent(options.merchant)}`
    const answer = await cashdesk(`/orders/${encodeURIComponent(c.req.param('out_trade_no'))}${query}`)
    if (!answer.ok) return c.json({ code: 'not_found', detail: '没有这个订单 / No such order.' }, 404)
    const { out_trade_no, state, description, amount, paid_at } = (await answer.json()) as Record<string, unknown>
    return c.json({ out_trade_no, state, description, amount, paid_at })
  })

  app.notFound((c) => c.json({ code: 'not_found', detail: '没有这个地址 / No such address.' }, 404))
  app.onError((error, c) => {
    console.error(error)
    return c.json({ code: 'cashdesk_unreachable', detail: '暂时无法下单或查单，请稍后重试 / Cashdesk cannot be reached.' }, 502)
  })

  return { fetch: async (request) => app.fetch(request) }
}

/** The cart with our prices, or what is wrong with it. */
function readCart(body: unknown): Cart | string {
  const items = (body as { items?: unknown } | undefined)?.items
  if (!Array.isArray(items) || items.length === 0 || items.length > ITEMS_MAX)
    return '购物车为空或商品过多 / The cart is empty or too long.'
  const names: string[] = []
  let total = 0
  for (const item of items as unknown[]) {
    const { product_id, quantity, ...more } = (item ?? {}) as { product_id?: unknown; quantity?: unknown }
    // A price sent along is a mistake or an attack; either way it does not count, and is said.
    if (Object.keys(more).length > 0) return `不接受的字段：${Object.keys(more).join(', ')} / Not accepted: prices are ours.`
    const product = PRODUCTS.find((one) => one.id === product_id)
    if (!product) return `没有这个商品：${String(product_id).slice(0, 40)} / No such product.`
    if (!Number.isInteger(quantity) || Number(quantity) < 1 || Number(quantity) > QUANTITY_MAX)
      return `数量须为 1–${QUANTITY_MAX} 的整数 / Bad quantity.`
    total += product.price * Number(quantity)
    names.push(`${product.name}×${quantity}`)
  }
  return { description: names.join('、').slice(0, 127), total }
}
