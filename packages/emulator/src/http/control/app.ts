// The control API (design §3.2): functions for the phone, the command line and tests, which the real WeChat does not offer.

import { beijingTime } from '@cashdesk/protocol'
import { Hono } from 'hono'
import { stateOf } from '../../platform/orders/order.ts'
import type { App } from '../parts.ts'
import { ControlError } from './control-error.ts'
import { page } from './page.ts'
import { balanceRoutes } from './routes/balances.ts'
import { behaviourRoutes } from './routes/behaviour.ts'
import { cashierRoutes } from './routes/cashier.ts'
import { certificateControlRoutes } from './routes/certificates.ts'
import { clockRoutes } from './routes/clock.ts'
import { faultRoutes } from './routes/faults.ts'
import { merchantControlRoutes } from './routes/merchants.ts'
import { messagePushRoutes } from './routes/message-push.ts'
import { miniProgramControlRoutes } from './routes/mini-program.ts'
import { notificationRoutes } from './routes/notifications.ts'
import { profitSharingControlRoutes } from './routes/profit-sharing.ts'
import { refundControlRoutes } from './routes/refunds.ts'
import { transferControlRoutes } from './routes/transfers.ts'

export function controlApp(app: App): Hono {
  const { platform, faults, seen } = app
  const hono = new Hono({ strict: false })
  hono.get('/', () => page())
  hono.get('/:file{(page|settings)\\.(js|css)}', (c) => page(c.req.param('file')))
  hono.get('/settings', (c) => c.json({ ...platform.settings }))
  hono.get('/requests', (c) => c.json({ requests: seen.list() }))
  hono.get('/truth', (c) => c.json({ ledger: platform.ledger.entries() }))
  hono.get('/orders', (c) => c.json({ orders: ordersOf(app) }))
  hono.post('/reset', (c) => {
    platform.kept.reset()
    return c.json({})
  })
  hono.route('/', cashierRoutes(platform))
  hono.route('/', clockRoutes(platform))
  hono.route('/', behaviourRoutes(platform))
  hono.route('/', balanceRoutes(platform))
  hono.route('/', certificateControlRoutes(platform))
  hono.route('/', merchantControlRoutes(platform))
  hono.route('/', refundControlRoutes(platform))
  hono.route('/', profitSharingControlRoutes(platform))
  hono.route('/', transferControlRoutes(platform))
  hono.route('/', faultRoutes(faults))
  hono.route('/', notificationRoutes(platform))
  hono.route('/', miniProgramControlRoutes(platform))
  hono.route('/', messagePushRoutes(platform))
  hono.all('*', () => {
    throw new ControlError(404, 'ROUTE_UNKNOWN', 'The control API has no such route.', '控制接口中没有这个地址。')
  })
  hono.onError((error) => {
    if (error instanceof ControlError) return error.answer()
    throw error
  })
  return hono
}

const ORDERS_SHOWN_MAX = 200

/** The orders in a form for people, newest first. */
function ordersOf({ platform }: App): Record<string, unknown>[] {
  const now = platform.clock.now()
  return platform.orders
    .all()
    .slice(-ORDERS_SHOWN_MAX)
    .reverse()
    .map((order) => ({
      mchid: order.mchid,
      out_trade_no: order.body.out_trade_no,
      description: order.body.description,
      amount: order.body.amount,
      trade_state: stateOf(order, now),
      created: beijingTime(order.created_at),
      expires: beijingTime(order.expires_at),
      prepay_id: order.prepays.at(-1)?.prepay_id,
      transaction_id: order.payment?.transaction_id,
    }))
}
