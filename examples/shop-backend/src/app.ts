// The shop's backend: products, carts that become Cashdesk orders, and each shopper's orders and refunds. The phone never names a price.

import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { readCart } from './cart.ts'
import { type CashdeskOptions, CashdeskRefusal, cashdeskAt, type Order, type Refund } from './cashdesk.ts'
import { hearEvent } from './events.ts'
import { openOrders, type ShopOrder } from './orders.ts'
import { PRODUCTS } from './products.ts'

export interface ShopOptions extends CashdeskOptions {
  /** SQLite file for the shop's own orders; in memory when absent. */
  database?: string | undefined
}

export interface ShopBackend {
  fetch(request: Request): Promise<Response>
  /** Registers this address for Cashdesk's events; it must lead to `/events` here. */
  subscribe(url: string): Promise<void>
  close(): void
}

export function createShopBackend(options: ShopOptions): ShopBackend {
  const cashdesk = cashdeskAt(options)
  const orders = openOrders(options.database)
  let secret: string | undefined
  const app = new Hono()

  app.get('/products', (c) => c.json({ products: PRODUCTS }))

  /** A real shop has its own accounts. This one gives each phone a key that cannot be guessed. */
  app.post('/shoppers', (c) => c.json({ shopper: `shopper_${randomBytes(16).toString('hex')}` }, 201))

  app.post('/checkout', async (c) => {
    const cart = readCart(await c.req.json().catch(() => undefined))
    if (typeof cart === 'string') return c.json({ code: 'bad_cart', detail: cart }, 422)
    const { items, description, total } = cart
    // One checkout, one order: Cashdesk recognises a repeated request by this key.
    const placed = await cashdesk.place({ description, total }, c.req.header('idempotency-key') ?? crypto.randomUUID())
    const { out_trade_no, client_secret, created_at, amount } = placed
    orders.add({ out_trade_no, shopper: shopperOf(c.req.raw), items, description, total, client_secret, created_at })
    return c.json({ out_trade_no, client_secret, amount }, 201)
  })

  app.get('/orders', (c) => {
    const shopper = shopperOf(c.req.raw)
    const own = shopper === null ? [] : orders.of(shopper)
    return c.json({
      orders: own.map(({ out_trade_no, items, total, state, refund_state, created_at }) => {
        return { out_trade_no, items, total, state, refund_state, created_at }
      }),
    })
  })

  app.get('/orders/:out_trade_no', async (c) => {
    const out_trade_no = c.req.param('out_trade_no')
    const own = orders.find(out_trade_no)
    if (own && !isFor(own, c.req.raw)) return c.json(NO_ORDER, 404)
    // The event arrives a moment later, so a page that opens right after the payment asks Cashdesk.
    const [order, refunds] = await Promise.all([cashdesk.order(out_trade_no), cashdesk.refunds(out_trade_no)])
    orders.hear(order)
    for (const refund of refunds) orders.hearRefund(refund)
    return c.json(orderPage(order, refunds.at(-1), own))
  })

  app.post('/orders/:out_trade_no/refund', async (c) => {
    const own = orders.find(c.req.param('out_trade_no'))
    if (!own || !isFor(own, c.req.raw)) return c.json(NO_ORDER, 404)
    // This shop refunds an order once and in full: the refund number depends on the order only, so a second request is the same refund.
    const { out_trade_no, total } = own
    const refund = await cashdesk.refund(out_trade_no, { out_refund_no: `R-${out_trade_no}`, refund: total, reason: '顾客申请退款' })
    orders.hearRefund(refund)
    return c.json({ state: refund.state, amount: refund.amount }, 201)
  })

  app.post('/events', async (c) => {
    if (secret === undefined) return c.json({ code: 'not_subscribed', detail: 'This shop has not subscribed yet.' }, 503)
    try {
      hearEvent(orders, secret, await c.req.text(), c.req.raw.headers)
    } catch {
      return c.json({ code: 'signature_wrong', detail: 'Not signed by our Cashdesk.' }, 401)
    }
    return c.body(null, 204)
  })

  app.notFound((c) => c.json({ code: 'not_found', detail: '没有这个地址 / No such address.' }, 404))
  app.onError((error, c) => {
    if (error instanceof CashdeskRefusal) {
      if (error.status === 404) return c.json(NO_ORDER, 404)
      if (error.status === 409 || error.status === 422) return c.json({ code: error.code, detail: error.message }, 409)
      return c.json({ code: 'order_not_placed', detail: '下单失败，请稍后重试 / The order could not be placed.' }, 502)
    }
    console.error(error)
    return c.json({ code: 'cashdesk_unreachable', detail: '暂时无法下单或查单，请稍后重试 / Cashdesk cannot be reached.' }, 502)
  })

  return {
    fetch: async (request) => app.fetch(request),
    async subscribe(url) {
      secret = await cashdesk.subscribe(url)
    },
    close: () => orders.close(),
  }
}

const NO_ORDER = { code: 'not_found', detail: '没有这个订单 / No such order.' }

function shopperOf(request: Request): string | null {
  const key = request.headers.get('shopper') ?? ''
  return /^shopper_[0-9a-f]{32}$/.test(key) ? key : null
}

/** For another shopper the order does not exist. */
function isFor(order: ShopOrder, request: Request): boolean {
  return order.shopper === null || order.shopper === shopperOf(request)
}

function orderPage(order: Order, refund: Refund | undefined, own: ShopOrder | undefined): object {
  const { out_trade_no, state, description, amount, paid_at, created_at } = order
  return {
    out_trade_no,
    state,
    description,
    amount,
    paid_at,
    created_at,
    items: own?.items ?? [],
    refund: refund ? { state: refund.state, amount: refund.amount, received_account: refund.received_account } : null,
    // Whoever may see the order may pay it.
    client_secret: own?.shopper ? own.client_secret : null,
  }
}
