// Starts the shop's backend. CASHDESK_URL, CASHDESK_API_KEY, CASHDESK_MERCHANT (optional), PORT (3000; 0 picks a free one).

import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { createShopBackend } from './app.ts'

const { CASHDESK_URL, CASHDESK_API_KEY, CASHDESK_MERCHANT, PORT } = process.env
if (!CASHDESK_URL || !CASHDESK_API_KEY) {
  console.error('Set CASHDESK_URL and CASHDESK_API_KEY. / 请设置 CASHDESK_URL 和 CASHDESK_API_KEY。')
  process.exit(2)
}
const shop = createShopBackend({ cashdeskURL: CASHDESK_URL, apiKey: CASHDESK_API_KEY, merchant: CASHDESK_MERCHANT })
const server = serve({ fetch: shop.fetch, hostname: '127.0.0.1', port: Number(PORT ?? 3000) }, (address: AddressInfo) => {
  console.log(`shop backend ready http://127.0.0.1:${address.port}`)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    server.close(() => process.exit(0))
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
}
