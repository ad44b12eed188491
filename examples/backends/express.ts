// A backend in Express: POST /api/pay, POST /api/notify, GET /api/orders/:out_trade_no. PORT is 3000.

import { expressNotifications } from '@cashdesk/sdk/adapters'
import express, { type ErrorRequestHandler } from 'express'
import { BadRequest } from './shop.ts'
import { shopFromEnvironment } from './wechat.ts'

const { shop, wechatpay } = shopFromEnvironment()
const app = express()

// Before express.json(): the signature covers the raw bytes.
app.post('/api/notify', expressNotifications({ wechatpay, handle: shop.handle }))

app.use(express.json())
app.post('/api/pay', async (request, response) => {
  response.json(await shop.pay(request.body))
})
app.get('/api/orders/:out_trade_no', async (request, response) => {
  const state = await shop.state(request.params.out_trade_no)
  response.status(state ? 200 : 404).json({ state: state ?? null })
})
const failed: ErrorRequestHandler = (error, _request, response, _next) => {
  if (!(error instanceof BadRequest)) console.error(error)
  response.status(error instanceof BadRequest ? 422 : 502).json({ detail: error instanceof BadRequest ? error.message : '请稍后再试' })
}
app.use(failed)

const port = Number(process.env['PORT'] ?? 3000)
app.listen(port, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${port}`))
