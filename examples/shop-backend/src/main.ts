// Starts the shop's backend. CASHDESK_URL, CASHDESK_API_KEY, CASHDESK_MERCHANT (optional), SHOP_DATABASE (optional), PORT (3000; 0 picks a free one).

import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { createShopBackend } from './app.ts'

const { CASHDESK_URL, CASHDESK_API_KEY, CASHDESK_MERCHANT, SHOP_DATABASE, PORT } = process.env
if (!CASHDESK_URL || !CASHDESK_API_KEY) {
  console.error('Set CASHDESK_URL and CASHDESK_API_KEY. / 请设置 CASHDESK_URL 和 CASHDESK_API_KEY。')
  process.exit(2)
}
const shop = createShopBackend({
  cashdeskURL: CASHDESK_URL,
  apiKey: CASHDESK_API_KEY,
  merchant: CASHDESK_MERCHANT,
  database: SHOP_DATABASE,
})
const server = serve({ fetch: shop.fetch, hostname: '127.0.0.1', port: Number(PORT ?? 3000) }, async ({ port }: AddressInfo) => {
  const url = `http://127.0.0.1:${port}`
  // Without events the shop still works, because the order page asks Cashdesk. So this is logged, and the shop starts.
  await shop.subscribe(`${url}/events`).catch((error: unknown) => console.error(`no events: ${String(error)}`))
  console.log(`shop backend ready ${url}`)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    server.close(() => {
      shop.close()
      process.exit(0)
    })
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
}
