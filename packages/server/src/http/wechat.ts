// The routes that WeChat calls. 204 after the commit, 4xx for a message that we do not trust, 5xx when we could not store it: WeChat then sends it again.

import { Hono } from 'hono'
import { receiveNotification } from '../journeys/receive-notification.ts'
import { Problem } from '../problem.ts'
import type { World } from '../world.ts'
import { bytes } from './input.ts'
import type { Env } from './routes.ts'

export function wechatRoutes(world: World): Hono {
  const routes = new Hono()
  // Both addresses accept every kind of notification: the signed content says which kind it is.
  routes.post('/:merchant/notify/:kind{payment|refund}', async (c) => {
    Object.assign(c.env as Env, { route: '/wechat/{merchant}/notify/{kind}' })
    const merchant = world.merchants.get(c.req.param('merchant'))
    if (!merchant) throw new Problem('not_found')
    await receiveNotification(world, merchant, { headers: c.req.raw.headers, body: await bytes(c.req.raw) })
    return c.body(null, 204)
  })
  return routes
}
