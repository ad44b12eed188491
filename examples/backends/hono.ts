// A backend in Hono: POST /api/pay, POST /api/notify, GET /api/orders/:out_trade_no. PORT is 3000.

import { honoNotifications } from '@cashdesk/sdk/adapters'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { BadRequest } from './shop.ts'
import { shopFromEnvironment } from './wechat.ts'

const { shop, wechatpay } = shopFromEnvironment()
const app = new Hono()

app.post('/api/notify', honoNotifications({ wechatpay, handle: shop.handle }))

app.post('/api/pay', async (c) => c.json(await shop.pay(await c.req.json().catch(() => undefined))))
app.get('/api/orders/:out_trade_no', async (c) => {
  const state = await shop.state(c.req.param('out_trade_no'))
  return c.json({ state: state ?? null }, state ? 200 : 404)
})
app.onError((error, c) => {
  if (error instanceof BadRequest) return c.json({ detail: error.message }, 422)
  console.error(error)
  return c.json({ detail: '请稍后再试' }, 502)
})

const port = Number(process.env['PORT'] ?? 3000)
serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, () => console.log(`ready http://127.0.0.1:${port}`))
