// The merchant API, called by a shop's backend in any language.

import { createOrderRequest, createRefundRequest, eventsQuery, listQuery, ofMerchantQuery, oneOrderQuery } from '@cashdesk/contract'
import { isSettled, orderView, refundView } from '@cashdesk/domain'
import { Hono } from 'hono'
import { merchantFor } from '../access/who.ts'
import { closeOrder } from '../journeys/close-order.ts'
import { createOrder } from '../journeys/create-order.ts'
import { createRefund } from '../journeys/create-refund.ts'
import { payOrder } from '../journeys/pay-order.ts'
import { tellStory } from '../journeys/tell-story.ts'
import { Problem } from '../problem.ts'
import { settleOrder } from '../wechat/settle-order.ts'
import { settleRefund } from '../wechat/settle-refund.ts'
import type { World } from '../world.ts'
import { body, query } from './input.ts'
import { onKey, param } from './routes.ts'

export function merchantApi(world: World): Hono {
  const api = new Hono()

  onKey(api, world, 'createOrder', async (c, key) => {
    const request = await body(c.req.raw, createOrderRequest)
    const merchant = merchantFor(world, key, request.merchant)
    const { order, client_secret, payment, fresh } = await createOrder(world, merchant, request, idempotencyKey(c.req.raw))
    return c.json({ ...orderView(order), client_secret, ...(payment && { payment }) }, fresh ? 201 : 200)
  })

  onKey(api, world, 'listOrders', async (c, key) => {
    const page = query(c.req.raw, listQuery)
    const merchant = merchantFor(world, key, page.merchant)
    const after = page.after === undefined ? undefined : readCursor(page.after)
    const orders = await world.store.transaction((tx) => tx.orders.list(merchant.id, { limit: page.limit, state: page.state, after }))
    const last = orders.length === page.limit ? orders.at(-1) : undefined
    return c.json({ data: orders.map(orderView), next: last ? `${last.created_at}.${last.out_trade_no}` : null })
  })

  onKey(api, world, 'getOrder', async (c, key) => {
    const { merchant: wanted, refresh } = query(c.req.raw, oneOrderQuery)
    const merchant = merchantFor(world, key, wanted)
    const order = await world.store.transaction((tx) => tx.orders.find(merchant.id, param(c, 'out_trade_no')))
    if (!order) throw new Problem('not_found')
    const current = refresh && !isSettled(order.state) ? await settleOrder(world, merchant, order) : order
    return c.json(orderView(current))
  })

  onKey(api, world, 'getOrderStory', async (c, key) => {
    const merchant = merchantFor(world, key, query(c.req.raw, ofMerchantQuery).merchant)
    return c.json(await tellStory(world, merchant, param(c, 'out_trade_no')))
  })

  onKey(api, world, 'payOrder', async (c, key) => {
    const merchant = merchantFor(world, key, query(c.req.raw, ofMerchantQuery).merchant)
    return c.json(await payOrder(world, merchant, param(c, 'out_trade_no'), null))
  })

  onKey(api, world, 'closeOrder', async (c, key) => {
    const merchant = merchantFor(world, key, query(c.req.raw, ofMerchantQuery).merchant)
    return c.json(orderView(await closeOrder(world, merchant, param(c, 'out_trade_no'), key)))
  })

  onKey(api, world, 'createRefund', async (c, key) => {
    const merchant = merchantFor(world, key, query(c.req.raw, ofMerchantQuery).merchant)
    const request = await body(c.req.raw, createRefundRequest)
    const created = await createRefund(world, merchant, param(c, 'out_trade_no'), request, key)
    return c.json(refundView(created.refund), created.fresh ? 201 : 200)
  })

  onKey(api, world, 'listRefundsOfOrder', async (c, key) => {
    const merchant = merchantFor(world, key, query(c.req.raw, ofMerchantQuery).merchant)
    const refunds = await world.store.transaction((tx) => tx.refunds.ofOrder(merchant.id, param(c, 'out_trade_no')))
    return c.json({ data: refunds.map(refundView), next: null })
  })

  onKey(api, world, 'getRefund', async (c, key) => {
    const { merchant: wanted, refresh } = query(c.req.raw, oneOrderQuery)
    const merchant = merchantFor(world, key, wanted)
    const refund = await world.store.transaction((tx) => tx.refunds.find(merchant.id, param(c, 'out_refund_no')))
    if (!refund) throw new Problem('not_found')
    return c.json(refundView(refresh ? await settleRefund(world, merchant, refund) : refund))
  })

  onKey(api, world, 'listEvents', async (c, key) => {
    const page = query(c.req.raw, eventsQuery)
    const merchant = merchantFor(world, key, page.merchant)
    const events = await world.store.transaction((tx) => tx.events.list(merchant.id, { limit: page.limit, after: page.after }))
    const data = events.map(({ id, type, version, data: order, created_at }) => ({
      id,
      type,
      version,
      created_at: new Date(created_at).toISOString(),
      data: JSON.parse(order) as unknown,
    }))
    return c.json({ data, next: events.length === page.limit ? (events.at(-1)?.id ?? null) : null })
  })

  return api
}

function idempotencyKey(request: Request): string | null {
  const key = request.headers.get('idempotency-key')
  if (key !== null && !/^[\x21-\x7e]{1,128}$/.test(key)) {
    throw new Problem('invalid_request', {
      errors: [{ field: 'Idempotency-Key', message: '1–128 visible ASCII characters / 1–128 个可见 ASCII 字符' }],
    })
  }
  return key
}

function readCursor(cursor: string): { created_at: number; out_trade_no: string } {
  const match = /^([0-9]{1,15})\.([0-9A-Za-z_\-|*]{6,32})$/.exec(cursor)
  if (!match?.[1] || !match[2])
    throw new Problem('invalid_request', { errors: [{ field: 'after', message: 'not a cursor of ours / 不是有效的游标' }] })
  return { created_at: Number(match[1]), out_trade_no: match[2] }
}
