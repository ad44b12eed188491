// The client API, called by phones. A phone holds no secret key and names no price; what it reports about a payment is only a hint.

import { timingSafeEqual } from 'node:crypto'
import { clientOrderQuery, clientPayRequest, createSessionRequest } from '@cashdesk/contract'
import { clientOrderView, isSettled, type Order } from '@cashdesk/domain'
import type { Session } from '@cashdesk/store'
import { Hono } from 'hono'
import { limitKeyOf } from '../access/address.ts'
import { openSession } from '../journeys/open-session.ts'
import { payOrder } from '../journeys/pay-order.ts'
import { Problem } from '../problem.ts'
import type { Merchant } from '../wechat/merchant.ts'
import { settleOrder } from '../wechat/settle-order.ts'
import type { World } from '../world.ts'
import { body, query } from './input.ts'
import { onAnyone, onSession, param } from './routes.ts'

export function clientApi(world: World): Hono {
  const api = new Hono()

  onAnyone(api, 'createSession', async (c) => {
    const address = limitKeyOf(world, c)
    if (address !== undefined) world.limiters.login_address.take(address)
    const session = await openSession(world, await body(c.req.raw, createSessionRequest))
    return c.json({ token: session.token, expires_at: new Date(session.expires_at).toISOString() }, 201)
  })

  onSession(api, world, 'payAsClient', async (c, session) => {
    const { client_secret } = await body(c.req.raw, clientPayRequest)
    const out_trade_no = param(c, 'out_trade_no')
    const merchant = await merchantOfSecret(world, out_trade_no, client_secret)
    if (!merchant.appids.includes(session.appid)) throw new Problem('appid_unknown')
    return c.json(await payOrder(world, merchant, out_trade_no, { appid: session.appid, openid: session.openid }))
  })

  onSession(api, world, 'getOrderAsClient', async (c, session) => {
    const { client_result } = query(c.req.raw, clientOrderQuery)
    const { merchant, order } = await ownOrder(world, session, param(c, 'out_trade_no'))
    const current = client_result && !isSettled(order.state) ? await settleOrder(world, merchant, order) : order
    return c.json(clientOrderView(current))
  })

  return api
}

/** The client secret names its merchant and is valid for exactly one order. */
async function merchantOfSecret(world: World, out_trade_no: string, client_secret: string): Promise<Merchant> {
  const id = /^cs_(.+)_[A-Za-z0-9_-]{43}$/.exec(client_secret)?.[1]
  const merchant = id === undefined ? undefined : world.merchants.get(id)
  if (!merchant) throw new Problem('client_secret_wrong')
  const expected = Buffer.from(await world.clientSecret(merchant.id, out_trade_no))
  const given = Buffer.from(client_secret)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new Problem('client_secret_wrong')
  return merchant
}

/** Finds the order of this user. Another user's order is answered like one that does not exist (reliability J1). */
async function ownOrder(world: World, session: Session, out_trade_no: string): Promise<{ merchant: Merchant; order: Order }> {
  return world.store.transaction(async (tx) => {
    for (const merchant of world.merchants.values()) {
      if (!merchant.appids.includes(session.appid)) continue
      const order = await tx.orders.find(merchant.id, out_trade_no)
      if (order && order.appid === session.appid && order.openid === session.openid) return { merchant, order }
    }
    throw new Problem('not_found')
  })
}
