// Sets where a receiving merchant is notified of its shares. Of all profit sharing, only this is set in the merchant platform.

import { Hono } from 'hono'
import type { Platform } from '../../../platform/platform.ts'
import { readMerchantAddress } from '../merchant-address.ts'

export function profitSharingControlRoutes({ sharing, merchants }: Platform): Hono {
  const hono = new Hono()
  hono.get('/profit-sharing', (c) => c.json({ shares: sharing.all(), notify_urls: Object.fromEntries(sharing.notifyUrls) }))
  hono.post('/profit-sharing/notify-url', async (c) => {
    const { mchid, notify_url } = await readMerchantAddress(c.req.raw, merchants)
    sharing.notifyUrls.set(mchid, notify_url)
    return c.json({ mchid, notify_url })
  })
  return hono
}
